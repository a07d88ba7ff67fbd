# shellcheck shell=bash disable=SC2154
# services.sh: enables and starts units, and reloads or restarts those with changes. Our own processes run already (version.sh).

start_the_rest() {
  local unit
  for unit in ramal-fastagi.socket ramal-web.socket $(own_timers) ramal.target "${watches[@]}" ramal-shutdown asterisk nginx coturn fail2ban; do enable_unit "$unit"; done
  ! database_is_here || enable_unit mariadb
  [ "$start" = yes ] || { say '  starts nothing (--no-start)'; return; }
  for unit in ramal-fastagi.socket ramal-web.socket ramal.target $(own_timers) asterisk "${watches[@]}" ramal-shutdown nginx coturn fail2ban; do start_unit "$unit"; done
  [ -z "${stale[systemd-journald]:-}" ] || act 'restart systemd-journald' service restart systemd-journald
}

own_timers() {
  local timer
  for timer in "$checkout"/systemd/*.timer; do [ ! -f "$timer" ] || basename "$timer"; done
}

# Only makes links in /etc/systemd, so it works without a running systemd.
enable_unit() { systemctl is-enabled --quiet "$1" 2>/dev/null || act "enable $1" systemctl --quiet enable "$1"; }

start_unit() {
  local unit=$1
  if ! active "$unit"; then
    act "start $unit" service start "$unit"
  elif [ "$unit" = asterisk ]; then
    # Asterisk has reloaded its files (version.sh). A restart would end every call.
    [ "${stale[$unit]:-}" != restart ] || say "  asterisk keeps its old unit, asterisk.conf or SIP threads until: asterisk -rx 'core restart when convenient'"
  elif [ "${stale[$unit]:-}" = reload ]; then
    act "reload $unit" service reload "$unit"
  elif [ -n "${stale[$unit]:-}" ]; then
    act "restart $unit" service restart "$unit"
  fi
}

say_what_next() {
  if [ "$dry" = yes ]; then
    say "Nothing was changed. $changes changes would be made."
    return
  fi
  say "Ramal $(release_name): $changes changes."
  [ "$start" = yes ] || return 0
  if [ "$changes" -gt 0 ]; then /usr/local/sbin/ramal check || true; fi
  say "Next: a carrier (docs/add-a-carrier.md), the first company (ramal tenant add --help), https://$domain"
}
