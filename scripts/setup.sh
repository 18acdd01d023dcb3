# What the mesh needs on this machine: the .NET SDK and Node (asked for), and Debian packages (installed).

# setup run|test: `test` also installs what only the tests need.
setup() {
  local for_what=${1:-run}
  check_sdk
  check_node
  install_missing "$for_what"
  [ -f feed.props ] || ask_feed
}

check_sdk() {
  local wanted=10.0 found
  command -v dotnet >/dev/null || die "the .NET SDK $wanted is missing: https://dotnet.microsoft.com/download"
  found=$(dotnet --list-sdks | cut -d' ' -f1 | grep -E "^10\.0\." | tail -1) || true
  [ -n "$found" ] || die "the .NET SDK $wanted is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' ')): https://dotnet.microsoft.com/download"
}

# What the pages' tools run on; between the long-term versions they leave some out.
check_node() {
  local found major minor wanted="Node.js 20.19, 22.12, 24 or newer"
  command -v node >/dev/null && command -v npm >/dev/null ||
    die "$wanted (with npm) is missing; it builds the pages: https://nodejs.org"
  found=$(node --version)
  IFS=. read -r major minor _ <<<"${found#v}"
  case "$major" in
    20) [ "$minor" -ge 19 ] ;;
    22) [ "$minor" -ge 12 ] ;;
    *) [ "$major" -ge 24 ] ;;
  esac || die "$wanted is needed, found $found: https://nodejs.org"
}

has_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_librdkafka() { compgen -G '/usr/lib/*/librdkafka.so.1' >/dev/null || compgen -G '/usr/lib*/librdkafka.so.1' >/dev/null || compgen -G '/usr/local/lib/librdkafka.so.1' >/dev/null; }
has_chromium() { command -v chromium >/dev/null; }
has_docker() {
  local program
  for program in dockerd docker containerd runc; do command -v "$program" >/dev/null || return 1; done
}
has_prometheus() { command -v prometheus >/dev/null; }
has_faketime() { compgen -G '/usr/lib/*/faketime/libfaketime.so.1' >/dev/null; }
has_busybox() { command -v busybox >/dev/null; }

install_missing() {
  local needed=() wished=()
  has_postgres || needed+=(postgresql)
  has_librdkafka || needed+=(librdkafka1)
  if [ "$1" = test ]; then
    has_chromium || needed+=(chromium)
    # A real server over what the mesh exports and the dashboards ask.
    has_prometheus || wished+=(prometheus)
    # A clock of the services' processes that can be set.
    has_faketime || wished+=(libfaketime)
    # The healing of real containers: without root no engine can run, and without an engine those tests are skipped.
    [ "$(id -u)" != 0 ] || { has_docker || wished+=(docker.io); has_busybox || wished+=(busybox-static); }
  fi
  [ ${#needed[@]} -gt 0 ] || [ ${#wished[@]} -gt 0 ] || return 0

  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  if ! command -v apt-get >/dev/null || ! "${sudo[@]}" true 2>/dev/null; then
    [ ${#needed[@]} = 0 ] || die "missing on this machine: ${needed[*]}. Install them, e.g. 'sudo apt-get install ${needed[*]}', then try again."
    say "Without ${wished[*]}, which cannot be installed here, some tests are skipped."
    return 0
  fi

  if [ ${#needed[@]} -gt 0 ]; then
    say "Installing ${needed[*]}"
    apt_install "${needed[@]}" || die "could not install ${needed[*]}; the package manager's last lines are above."
  fi
  if [ ${#wished[@]} -gt 0 ]; then
    say "Installing ${wished[*]}"
    apt_install "${wished[@]}" || say "Without ${wished[*]} some tests are skipped; the package manager's last lines are above."
  fi
}

# apt_install PACKAGE...: in a shell of its own, so that what it changes is undone however it ends.
apt_install() (
  packages=("$@")
  log=$(mktemp)
  # The packages' own servers must not start: the mesh and the tests start their own. A policy that says no lasts as long as this.
  policy=/usr/sbin/policy-rc.d
  trap 'rm -f "$log"' EXIT
  trap 'exit 130' INT TERM
  if [ ! -e $policy ]; then
    trap 'rm -f "$log"; "${sudo[@]}" rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null
    "${sudo[@]}" chmod +x $policy
  fi
  if "${sudo[@]}" apt-get update -q >"$log" 2>&1; then
    # From Debian 13 on the docker command is a package of its own, which docker.io only recommends.
    [[ " ${packages[*]} " != *" docker.io "* ]] || ! apt-cache show docker-cli >/dev/null 2>&1 || packages+=(docker-cli)
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >>"$log" 2>&1 && exit 0
  fi
  tail -20 "$log" >&2
  exit 1
)

# Whether the feed has Aspire decides which packages are built against: the real ones, or those of compat/.
ask_feed() {
  local version folder compat=true
  version=$(sed -n 's:.*<AspireVersion>\(.*\)</AspireVersion>.*:\1:p' Directory.Packages.props)
  folder=$(mktemp -d)
  cat >"$folder/ask.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Aspire.Hosting.AppHost" Version="$version" /></ItemGroup>
</Project>
END
  if timeout 120 dotnet restore "$folder/ask.csproj" >/dev/null 2>&1; then compat=false; fi
  rm -rf "$folder"
  printf '<Project>\n  <PropertyGroup>\n    <UseCompat>%s</UseCompat>\n  </PropertyGroup>\n</Project>\n' $compat >feed.props
  if $compat; then say "The package feed has no Aspire $version: building with compat/"; else say "Building with Aspire $version"; fi
}
