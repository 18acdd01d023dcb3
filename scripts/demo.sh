# A short story on the running mesh, told while it plays.

demo() {
  running >/dev/null || die "the mesh of this checkout is not running: ./aether up --detach starts it."
  local web=http://localhost:5173
  say "Open $web, sign in as operator, and keep the overview in sight."
  say

  say "1. A message comes in, and becomes a lead."
  local message='Hello, Priya Raman here, head of operations at Harbour Freight Lines. We lose an hour a day to manual booking. Could somebody ring me on +44 20 7946 0958 or write to priya.raman@harbourfreight.example?'
  say "   \"$message\""
  call agent POST http://localhost:8011/orchestrate "$(json intent=extract-lead tenant_id=acme "payload.raw_text=$message")" \
    'const r = answer.result; `   ${answer.used_provider} read: ${r.name}, ${r.company}, ${r.phone}, ${r.email} (${answer.latency_ms} ms)`'
  call operator POST http://localhost:8010/events/publish "$(json event_type=lead.created source=demo tenant_id=acme payload.name='Priya Raman' payload.company='Harbour Freight Lines')" \
    '`   stored as event ${answer.event_id}`'
  say "   Look at: AI calls, and the newest event."
  say

  say "2. A burst of failures: twelve leads cannot be assigned."
  local number
  for number in $(seq 1 12); do
    call operator POST http://localhost:8010/events/publish \
      "$(json event_type=lead.assigned source=crm-sync severity=error tenant_id=acme "payload.lead_id=L-$((4700 + number))" payload.error='no agent is free')" '""' >/dev/null
  done
  say "   Look at: Events; \"Error +\" leaves only these."
  say

  say "3. The orchestrator is killed (kill -9)."
  local pid begin
  pid=$(service_pid orchestrator) || die "the orchestrator's process was not found; is it being restarted just now?"
  begin=$(date +%s%N)
  kill -KILL "$pid"
  say "   Look at: the sentence on top, and its card. Auto-heal has seen it; nobody needs to do anything."
  await 30 "the orchestrator to end" service_is_down http://localhost:8011/alive
  await 60 "the orchestrator to come back" curl -fsS -m 1 -o /dev/null http://localhost:8011/health
  say "   Healthy again after $((($(date +%s%N) - begin) / 1000000)) ms."
  await 30 "the heal to be recorded" heal_is_recorded
  call operator GET 'http://localhost:8012/autoheal/history?limit=1' '' \
    'const h = answer.history[0]; `   On record: ${h.service}, ${h.action}, because: ${h.reason} ${h.msg}`'
  say "   Look at: Heals."
}

# json PATH=VALUE...: an object of texts; a dot in a path nests.
json() {
  node -e 'const o = {}; for (const pair of process.argv.slice(1)) { const at = pair.indexOf("="); const path = pair.slice(0, at).split("."); let into = o;
    for (const name of path.slice(0, -1)) into = into[name] ??= {}; into[path.at(-1)] = pair.slice(at + 1); } console.log(JSON.stringify(o))' -- "$@"
}

# call ROLE METHOD URL BODY SHOW: SHOW is an expression over `answer`, the last statement of which is printed.
call() {
  local answer
  answer=$(curl -fsS -m 30 -X "$2" -H "X-User-Roles: $1" -H 'Content-Type: application/json' ${4:+--data-raw "$4"} "$3") ||
    die "$2 $3 failed; ./aether status shows what is wrong."
  node -e 'const answer = JSON.parse(process.argv[1]); console.log(eval(process.argv[2]))' -- "$answer" "$5"
}

# The process of this checkout's mesh that was given the service's data folder.
service_pid() {
  local environ
  for environ in /proc/[0-9]*/environ; do
    if grep -qzx "DATA_DIR=$state/data/$1" "$environ" 2>/dev/null; then
      environ=${environ#/proc/}
      printf '%s' "${environ%/environ}"
      return 0
    fi
  done
  return 1
}

service_is_down() { ! curl -fsS -m 1 -o /dev/null "$1" 2>/dev/null; }
heal_is_recorded() { curl -fsS -H 'X-User-Roles: operator' 'http://localhost:8012/autoheal/history?limit=1' | grep -q '"service":"orchestrator"'; }

# await SECONDS WHAT COMMAND...
await() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $deadline ] || die "waited in vain for $what."
    pause
  done
}
