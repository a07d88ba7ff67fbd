# shellcheck shell=bash disable=SC2154
# firewall.sh: the last step. If it locks the sysadmin out, it opens again after a minute.

close_the_rest() {
  local before=$changes rules=/etc/ramal/ramal.nft
  [ "$firewall" = yes ] || return 0
  install_directory "$settings/nftables.d" 0755 root:root
  render "$checkout/systemd/nftables/ramal.nft" SSH_PORT="$(ssh_ports)" SIP_PORTS='5060, 5061' RTP_PORTS=10000-20000 | put "$rules" 0644 root:root
  [ "$dry" = no ] || return 0
  if [ "$start" = yes ] && { [ "$changes" != "$before" ] || ! nft list table inet ramal >/dev/null 2>&1; }; then
    nft -c -f "$rules" >"$scratch/nft" 2>&1 || { cat "$scratch/nft" >&2; fail 'nft rejects the firewall; it is unchanged'; }
    act 'close every port that it does not open' load_firewall
    [ "$agreed" = yes ] || still_reachable
  fi
  keep_over_boots "$rules"
}

# Skips a file of the sysadmin with a mistake, and reports it.
load_firewall() {
  /usr/local/sbin/ramal-firewall || warn 'some files of the firewall could not be loaded; see above'
  # So that systemd restarts it with nftables. If nftables does not run yet, its start starts this unit.
  if [ "$supervisor" = systemctl ] && active nftables; then service start ramal-firewall || true; fi
}

# Every port of sshd, and the ports of open SSH connections.
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
  say "  Open a second SSH session now. Without your confirmation, all ports open again in a minute."
  read -rt 60 -p '  Does it work? Type yes: ' answer || true
  if [ "$answer" = yes ]; then
    kill -- "-$rescue" 2>/dev/null || kill "$rescue"
    return
  fi
  nft delete table inet ramal
  kill -- "-$rescue" 2>/dev/null || true
  fail "the firewall was removed again; $settings/ramal.nft has its rules. Everything else is installed"
}

keep_over_boots() {
  local line="include \"$1\"" conf=/etc/nftables.conf
  grep -qxF "$line" "$conf" || { cat "$conf"; say "$line"; } | put "$conf" "$(stat -c '%04a' "$conf")" root:root
  enable_unit nftables
  enable_unit ramal-firewall
}
