# shellcheck shell=bash disable=SC2154
# firewall.sh: last of all, and with a way back: whoever is locked out is let in again after a minute.

close_the_rest() {
  local before=$changes rules=/etc/ramal/ramal.nft
  [ "$firewall" = yes ] || return 0
  install_directory "$settings/nftables.d" 0755 root:root
  render "$checkout/systemd/nftables/ramal.nft" SSH_PORT="$(ssh_ports)" SIP_PORTS='5060, 5061' RTP_PORTS=10000-20000 | put "$rules" 0644 root:root
  [ "$dry" = no ] || return 0
  if [ "$start" = yes ] && { [ "$changes" != "$before" ] || ! nft list table inet ramal >/dev/null 2>&1; }; then
    nft -c -f "$rules" >"$scratch/nft" 2>&1 || { cat "$scratch/nft" >&2; fail 'nft does not take the firewall; it is as it was'; }
    act 'close every port that is not named in it' load_firewall
    [ "$agreed" = yes ] || still_reachable
  fi
  keep_over_boots "$rules"
}

# A mistake in a file of the sysadmin keeps that one out, and is said.
load_firewall() {
  /usr/local/sbin/ramal-firewall || warn 'not every file of the firewall could be loaded; see above'
  # So that it follows a restart of nftables. Where that does not run yet, it starts this unit itself.
  if [ "$supervisor" = systemctl ] && active nftables; then service start ramal-firewall || true; fi
}

# Every port that sshd listens at, and those that somebody is connected by.
ssh_ports() {
  local ports
  ports=$({
    sshd -T 2>/dev/null | awk '$1 == "port" { print $2 }'
    ss -Htnp state established 2>/dev/null | awk '/"sshd/ { sub(/.*:/, "", $3); print $3 }'
    awk '{ print $4 }' <<<"${SSH_CONNECTION:-}"
  } | grep -x '[0-9]\+' | sort -un | paste -sd, || true)
  say "{ ${ports:-22} }"
}

still_reachable() {
  local answer=''
  setsid sh -c 'sleep 90; nft delete table inet ramal' >/dev/null 2>&1 &
  local rescue=$!
  say "  Open a second SSH session now. In a minute everything is open again, unless you say that it works."
  read -rt 60 -p '  Does it work? Type yes: ' answer || true
  if [ "$answer" = yes ]; then
    kill -- "-$rescue" 2>/dev/null || kill "$rescue"
    return
  fi
  nft delete table inet ramal
  kill -- "-$rescue" 2>/dev/null || true
  fail "the firewall was taken away again; $settings/ramal.nft has its rules. All else is installed"
}

keep_over_boots() {
  local line="include \"$1\"" conf=/etc/nftables.conf
  grep -qxF "$line" "$conf" || { cat "$conf"; say "$line"; } | put "$conf" "$(stat -c '%04a' "$conf")" root:root
  enable_unit nftables
  enable_unit ramal-firewall
}
