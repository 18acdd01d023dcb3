# Starting, watching and stopping the mesh.

pid_file="$state/up.pid"
status_file="$state/resources.tsv"
log_file="$state/up.log"
apphost=AetherLink.AppHost/bin/Debug/net10.0/AetherLink.AppHost

# The pid of the running mesh of this checkout, if any, or of the `up` that is still building it.
running() {
  local pid
  pid=$(cat "$pid_file" 2>/dev/null) || return 1
  [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q -e AetherLink.AppHost -e 'aether up' || return 1
  printf '%s' "$pid"
}

up() {
  local detach=false pid
  case "${1:-}" in
    '') ;;
    --detach | -d) detach=true ;;
    *) die "unknown option '$1' of up; known: --detach" ;;
  esac
  if pid=$(running); then die "the mesh of this checkout is running already (pid $pid): ./aether status shows it, ./aether down stops it."; fi
  check_disk
  check_ports
  mkdir -p "$state/data" "$state/store"
  rm -f "$status_file"
  printf '%s' $$ >"$pid_file"
  setup run
  say "Building"
  build AetherLink.AppHost --nologo -v quiet -clp:NoSummary || die "the build failed; the reasons are above."

  export DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development
  export Aspire__Store__Path="$state/store" AetherLink__DataDirectory="$state/data" AetherLink__StatusFile="$status_file"
  if $detach; then up_detached; fi

  # `tee -i`: Ctrl-C is for the AppHost, whose last lines are still to be shown.
  exec "$root/$apphost" > >(exec tee -i "$log_file") 2>&1
}

# A port that is taken is best told before anything starts.
check_ports() {
  local file name port
  for file in AetherLink.*/Properties/launchSettings.json; do
    name=${file%%/*}
    [ "$name" != AetherLink.AppHost ] || continue
    port=$(sed -n 's/.*"applicationUrl": *"http:\/\/localhost:\([0-9]*\)".*/\1/p' "$file" | head -1)
    [ -n "$port" ] || continue
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      die "port $port, which $name needs, is taken$(port_owner "$port"). Stop that, then try again."
    fi
  done
}

# What a build and a young database need, where they are.
check_disk() {
  local free folder
  for folder in "$root" "$state" "${TMPDIR:-/tmp}"; do
    # The state folder may have to be made yet.
    while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
    free=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge 1024 ] || die "only $free MB are free on the disk of $folder; building and running the mesh takes 1024 MB. Free some, then try again."
  done
}

port_owner() {
  local line
  line=$(command -v ss >/dev/null && ss -Hltnp "sport = :$1" 2>/dev/null | grep -o 'users:.*' | head -1) || true
  [ -z "$line" ] || printf ' by %s' "$(sed 's/users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (pid \2)/' <<<"$line")"
}

up_detached() {
  setsid "$root/$apphost" </dev/null >"$log_file" 2>&1 &
  local pid=$! deadline=$((SECONDS + 240)) shown=' ' waiting failed name need health exit_code restarts ports urls resource_state
  printf '%s' $pid >"$pid_file"
  while :; do
    waiting='' failed=''
    if [ -f "$status_file" ]; then
      while IFS=$'\t' read -r name need resource_state health exit_code restarts ports urls; do
        if is_ready "$resource_state" "$health"; then
          [[ $shown == *" $name "* ]] || { printf '  %-16s healthy  %s\n' "$name" "${urls/#-/}"; shown+="$name "; }
        elif [ "$need" = optional ] && is_over "$resource_state"; then
          [[ $shown == *" $name "* ]] || { printf '  %-16s %s (optional: this machine cannot run it)\n' "$name" "$resource_state"; shown+="$name "; }
        elif [ "$need" = optional ]; then :
        elif is_over "$resource_state"; then failed="$name is $resource_state (exit code $exit_code)"
        else waiting+=" $name:$resource_state"; fi
      done <"$status_file"
    fi
    kill -0 $pid 2>/dev/null || failed="the AppHost ended: $(grep -v '^\s*$' "$log_file" | tail -5)"
    [ $SECONDS -lt $deadline ] || failed="not healthy after 240 s:$waiting"
    if [ -n "$failed" ]; then
      tail -30 "$log_file" >&2
      down >/dev/null
      die "$failed. The whole log: $log_file"
    fi
    if [ -f "$status_file" ] && [ -z "$waiting" ]; then
      say "The mesh is up. ./aether status shows it, ./aether down stops it; its log: $log_file"
      exit 0
    fi
    pause
  done
}

# A moment between two looks at a condition.
pause() { read -rt 0.2 <> <(:) || :; }

is_ready() { [ "$1" = Running ] && { [ "$2" = Healthy ] || [ "$2" = - ]; }; }
is_over() { case "$1" in Exited | Finished | FailedToStart | RuntimeUnhealthy | 'Runtime unhealthy' | Unavailable) true ;; *) false ;; esac; }

status() {
  local pid name need resource_state health exit_code restarts ports urls
  pid=$(running) || { say "The mesh of this checkout is not running: ./aether up starts it."; exit 3; }
  [ -f "$status_file" ] || { say "The mesh is starting (pid $pid)."; exit 0; }
  printf '%-16s %-18s %-10s %-9s %-12s %s\n' RESOURCE STATE HEALTH RESTARTS PORTS URL
  while IFS=$'\t' read -r name need resource_state health exit_code restarts ports urls; do
    printf '%-16s %-18s %-10s %-9s %-12s %s\n' "$name" "$resource_state" "$health" "$restarts" "$ports" "$urls"
  done <"$status_file"
}

# logs [NAME]: what the mesh said since it was started, and what it says.
logs() {
  [ -f "$log_file" ] || die "there is no log: ./aether up starts the mesh."
  [ $# -gt 0 ] || exec tail -n +1 -f "$log_file"
  grep -q "^$1 *[|*] " "$log_file" || die "'$1' has not said anything; ./aether status lists what runs."
  # What reads takes this process over, and what follows ends with it, whoever ends it.
  exec grep --line-buffered "^$1 *[|*] " < <(exec tail -n +1 -f --pid=$$ "$log_file")
}

is_building() { ! tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -q AetherLink.AppHost; }

# The processes that a process has started, and those have, and so on.
started_by() {
  local child
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
    printf '%s ' "$child"
    started_by "$child"
  done
}

down() {
  local pid wipe=false
  case "${1:-}" in
    '') ;;
    --wipe) wipe=true ;;
    *) die "unknown option '$1' of down; known: --wipe" ;;
  esac
  if pid=$(running); then
    # The AppHost stops what it has started by itself; an `up` that still builds is ended with its build.
    kill -TERM "$pid" $(is_building "$pid" && started_by "$pid") || :
    local deadline=$((SECONDS + 15))
    while kill -0 "$pid" 2>/dev/null; do
      if [ $SECONDS -ge $deadline ]; then
        say "Not stopped after 15 s: killing it."
        kill -KILL "$pid"
        break
      fi
      pause
    done
    say "The mesh is stopped."
  else
    say "The mesh of this checkout is not running."
  fi
  rm -f "$pid_file" "$status_file"
  if $wipe; then
    rm -rf "$state/data" "$state/store"
    say "Its data is removed."
  fi
}
