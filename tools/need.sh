# Sourced by run.sh and test.sh: finds what is missing, installs it where apt and root rights are there, else says exactly what to install.

have() { command -v "$1" >/dev/null 2>&1; }

can_install() { have apt-get && [ "$(id -u)" = 0 ]; }

need_dotnet() {
  if have dotnet && dotnet --list-sdks | grep -q '^10\.'; then return; fi
  if can_install && { apt-get update -qq; apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; }; then
    apt-get install -y -qq dotnet-sdk-10.0 >/dev/null
    return
  fi
  echo "The .NET 10 SDK is missing. Install it (Ubuntu: sudo apt-get install dotnet-sdk-10.0; elsewhere: the .NET download page), then run this again." >&2
  exit 1
}

# need_packages command:package ...  installs the Debian package of every command that is missing.
need_packages() {
  local missing=()
  for pair in "$@"; do
    have "${pair%%:*}" || [ -x "/usr/sbin/${pair%%:*}" ] || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if can_install; then
    echo "Installing ${missing[*]}…"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    return
  fi
  echo "The tests need programs that are not here, and this script cannot install them (no apt-get or no root rights)." >&2
  echo "Install these Debian/Ubuntu packages or their like, then run this again: ${missing[*]}" >&2
  echo "  sudo apt-get install ${missing[*]}" >&2
  exit 1
}
