# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh
#
# For sourcing: need_packages NAME... sees to it that Debian packages are there.

# Those of its arguments that are not installed
missing_packages() {
	for package in "$@"; do
		status=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			2>/dev/null) || status=
		[ "$status" = installed ] || printf '%s ' "$package"
	done
}

apt_quietly() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3 \
		-o Dpkg::Use-Pty=0 "$@"
}

need_packages() {
	if ! command -v dpkg-query >/dev/null; then
		echo "Not a Debian system: assuming the tools of: $*"
		return 0
	fi
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		echo "Missing packages; as root: apt-get install $missing" >&2
		return 1
	fi
	echo "Installing $missing"
	log=$(mktemp)
	# shellcheck disable=SC2086 # a list of words
	{
		apt_quietly update &&
			apt_quietly install -y --no-install-recommends $missing
	} >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		rm -f "$log"
		return 1
	}
	rm -f "$log"
}
