# shellcheck shell=bash disable=SC2034,SC2154
# edge.sh: the programs between this server and the Internet: certificate, nginx, coturn, fail2ban (docs/edge.md).

tls=$settings/tls

# nginx needs a certificate to start: the given one, or a temporary self-signed one until certbot has run.
prepare_certificate() {
  local before=$changes
  copy_to "$checkout/systemd/programs/ramal-certificate" /usr/local/sbin/ramal-certificate 0755 root:root
  if [ -n "$certificate" ]; then
    if ! cmp -s "$certificate" "$tls/certificate.pem" || ! cmp -s "$key" "$tls/key.pem"; then
      act "give $certificate to nginx and coturn" /usr/local/sbin/ramal-certificate "$certificate" "$key"
    fi
  elif [ ! -f "$tls/certificate.pem" ]; then
    act 'make a temporary certificate until certbot has one' make_own_certificate
  fi
  [ "$changes" = "$before" ] || stale[nginx]=reload
}

make_own_certificate() {
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$domain" \
    -addext "subjectAltName=DNS:$domain" -keyout "$scratch/key.pem" -out "$scratch/certificate.pem" 2>/dev/null)
  /usr/local/sbin/ramal-certificate "$scratch/certificate.pem" "$scratch/key.pem"
}

# At the end, when nginx serves certbot's files.
ask_for_certificate() {
  [ -n "$email" ] || return 0
  local live=/etc/letsencrypt/live/$domain
  say '#!/bin/sh
exec /usr/local/sbin/ramal-certificate' | put /etc/letsencrypt/renewal-hooks/deploy/ramal 0755 root:root
  if [ "$start" = no ]; then
    say '  the installer requests the certificate when it runs on the final machine'
    return
  fi
  if [ ! -f "$live/fullchain.pem" ]; then
    act "get a certificate for $domain from Let's Encrypt" ask_certbot
  fi
  if [ -f "$live/fullchain.pem" ] && ! cmp -s "$live/fullchain.pem" "$tls/certificate.pem"; then
    act "give it to nginx and coturn" /usr/local/sbin/ramal-certificate "$live/fullchain.pem" "$live/privkey.pem"
  fi
}

ask_certbot() {
  certbot certonly --non-interactive --agree-tos --email "$email" --webroot --webroot-path /var/www/ramal-acme --domain "$domain" \
    >"$scratch/certbot" 2>&1 && return
  tail -n 15 "$scratch/certbot" >&2
  warn "certbot got no certificate, and browsers will refuse the site. Correct what certbot reports, and run systemd/install again"
}

install_edge() {
  local before=$changes file
  render "$checkout/systemd/nginx/ramal.conf" DOMAIN="$domain" CERTIFICATE="$tls/certificate.pem" CERTIFICATE_KEY="$tls/key.pem" \
    SITE=127.0.0.1:8080 PHONES=127.0.0.1:8088 | put /etc/nginx/conf.d/ramal.conf 0644 root:root
  if [ "$changes" != "$before" ]; then
    [ "$dry" = yes ] || nginx -t >"$scratch/nginx" 2>&1 || { cat "$scratch/nginx" >&2; fail 'nginx rejects its settings'; }
    stale[nginx]=reload
  fi

  before=$changes
  turnserver_settings | put /etc/turnserver.conf 0640 root:turnserver
  stale_since "$before" coturn

  before=$changes
  for file in "$checkout"/systemd/fail2ban/{filter,jail}.d/*.conf; do
    copy_to "$file" "/etc/fail2ban/${file#"$checkout/systemd/fail2ban/"}" 0644 root:root
  done
  # fail2ban does not start if a log file is missing.
  [ -e /var/log/asterisk/security.log ] ||
    act 'make /var/log/asterisk/security.log' install -m 0640 -o asterisk -g asterisk /dev/null /var/log/asterisk/security.log
  stale_since "$before" fail2ban
}

turnserver_settings() {
  local turn_secret=SECRET
  [ ! -f "$environment_file" ] || turn_secret=$(setting RAMAL_TURN_SECRET)
  # The secret goes through a file, because every user can see arguments.
  render "$checkout/systemd/coturn/turnserver.conf" ADDRESS="$own" DOMAIN="$domain" TURN_SECRET=0 TLS=tls-listening-port=5349 \
    CERTIFICATE="$tls/certificate.pem" CERTIFICATE_KEY="$tls/key.pem" |
    sed -f <(printf 's/^static-auth-secret=.*/static-auth-secret=%s/\n' "$turn_secret")
  if [ "$behind_nat" = yes ]; then
    printf '\n# Behind NAT.\nexternal-ip=%s/%s\nallowed-peer-ip=%s\n' "$address" "$own" "$address"
  fi
}
