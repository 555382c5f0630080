#!/usr/bin/env bash
# Sourced by run.sh and test.sh: finds what is missing, installs it where apt and root rights are there, else says exactly what to install.

have() { command -v "$1" >/dev/null 2>&1; }

can_install() { have apt-get && [ "$(id -u)" = 0 ]; }

# has_package NAME  says whether apt knows an installable package of that name (Ubuntu lists some names that it does not have).
has_package() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

has_sdk() { have dotnet && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; }

need_dotnet() {
  # Where Microsoft's install script puts it, often without a word in PATH.
  if ! have dotnet && [ -x "${DOTNET_ROOT:-$HOME/.dotnet}/dotnet" ]; then
    export DOTNET_ROOT="${DOTNET_ROOT:-$HOME/.dotnet}"
    PATH="$DOTNET_ROOT:$PATH"
  fi
  has_sdk && return
  if can_install; then
    apt-get update -qq || true
    if has_package dotnet-sdk-10.0; then
      echo "Installing dotnet-sdk-10.0…"
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq dotnet-sdk-10.0 >/dev/null
      has_sdk && return
    fi
  fi
  echo "The .NET 10 SDK is missing. Install it, then run this again:" >&2
  echo "  Ubuntu:    sudo apt-get install dotnet-sdk-10.0" >&2
  echo "  elsewhere: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  exit 1
}

# satisfied "a|b"  is true where one of these commands is in PATH or /usr/sbin, or one of these files is there.
satisfied() {
  local one
  for one in ${1//|/ }; do
    case $one in
      /*) [ -e "$one" ] && return ;;
      *) { have "$one" || [ -x "/usr/sbin/$one" ]; } && return ;;
    esac
  done
  return 1
}

# Servers among the packages (Kamailio) must not start by themselves: the tests run their own, on free ports.
apt_install_quietly() {
  local guard=/usr/sbin/policy-rc.d made=0 status=0
  if [ ! -e "$guard" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$guard" && chmod +x "$guard" && made=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || status=$?
  [ "$made" = 0 ] || rm -f "$guard"
  return "$status"
}

# package_of "a|b"  is the first of these that apt has; where there is no apt, the first.
package_of() {
  local one
  for one in ${1//|/ }; do if has_package "$one"; then echo "$one"; return; fi; done
  have apt-cache || echo "${1%%|*}"
}

# need_packages what:package ...  installs the Debian package of everything that is missing. Both sides may name alternatives: a|b.
need_packages() {
  local pair package missing=() wanted=() lacking=()
  for pair in "$@"; do satisfied "${pair%%:*}" || missing+=("$pair"); done
  [ ${#missing[@]} -eq 0 ] && return
  if can_install; then
    apt-get update -qq || true
    for pair in "${missing[@]}"; do
      package=$(package_of "${pair##*:}")
      [ -z "$package" ] || wanted+=("$package")
    done
    echo "Installing ${wanted[*]:-nothing: apt knows none of the packages}…"
    [ ${#wanted[@]} -eq 0 ] || apt_install_quietly "${wanted[@]}" || true
  fi
  for pair in "${missing[@]}"; do satisfied "${pair%%:*}" || lacking+=("$pair"); done
  [ ${#lacking[@]} -eq 0 ] && return
  if can_install; then echo "These could not be installed with apt-get:" >&2
  else echo "The tests need programs that are not here, and this script cannot install them (no apt-get, or no root rights):" >&2; fi
  for pair in "${lacking[@]}"; do echo "  ${pair%%:*}  (Debian package: ${pair##*:})" >&2; done
  echo "Install them, then run this again. On Debian and Ubuntu:" >&2
  wanted=()
  for pair in "${lacking[@]}"; do
    package=$(package_of "${pair##*:}")
    wanted+=("${package:-${pair##*[:|]}}")
  done
  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends ${wanted[*]}" >&2
  exit 1
}
