# shellcheck shell=bash disable=SC2154
# system.sh: settings of the machine itself.

set_up_system() {
  local before=$changes
  copy_to "$checkout/systemd/sysctl/ramal.conf" /etc/sysctl.d/60-ramal.conf 0644 root:root
  if [ "$changes" != "$before" ] && [ "$start" = yes ] && [ -d /run/systemd/system ]; then
    act 'apply it' sysctl --quiet --load /etc/sysctl.d/60-ramal.conf || warn 'this machine (perhaps a container) does not allow changes of its settings'
  fi
  before=$changes
  copy_to "$checkout/systemd/journald/ramal.conf" /etc/systemd/journald.conf.d/60-ramal.conf 0644 root:root
  stale_since "$before" systemd-journald
  if [ -n "$time_zone" ]; then
    [ -f "/usr/share/zoneinfo/$time_zone" ] || [ "$dry" = yes ] || fail "this machine does not have the time zone $time_zone"
    link_to "/usr/share/zoneinfo/$time_zone" /etc/localtime
    # Debian's second place for the time zone.
    [ ! -f /etc/timezone ] || say "$time_zone" | put /etc/timezone 0644 root:root
  fi
}
