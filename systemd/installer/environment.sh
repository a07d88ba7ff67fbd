# shellcheck shell=bash disable=SC2154
# environment.sh: /etc/ramal/ramal.env, and the key of the backups. Their secrets are made here, once, and never shown.

environment_file=$settings/ramal.env

backup_key=$settings/backup.key

write_settings() {
  write_environment
  if [ ! -f "$backup_key" ]; then
    act "make $backup_key, without which no backup can be read: keep a copy of it elsewhere (docs/recover.md)" make_backup_key
  fi
}

make_backup_key() {
  (umask 077 && secret 32 >"$backup_key.new")
  chown ramal-worker: "$backup_key.new"
  mv "$backup_key.new" "$backup_key"
}

write_environment() {
  if [ ! -f "$environment_file" ]; then
    did "write $environment_file, with new secrets"
    [ "$dry" = no ] || return 0
    install -d -m 0755 "$settings"
    (
      umask 077
      # By a file and not by arguments, which everybody may see while a program runs.
      sed -e "s/@DOMAIN@/$domain/g" -f <(
        printf 's/@DATABASE_PASSWORD@/%s/\n' "$(secret 24)"
        printf 's/@SESSION_SECRET@/%s/\n' "$(secret 32)"
        printf 's/@TURN_SECRET@/%s/\n' "$(secret 32)"
      ) "$checkout/systemd/ramal.env" >"$environment_file.new"
    )
    chown root:ramal "$environment_file.new"
    chmod 0640 "$environment_file.new"
    mv "$environment_file.new" "$environment_file"
    return
  fi
  [ "$(setting RAMAL_SIP_DOMAIN)" = "$domain" ] ||
    fail "$environment_file has the domain $(setting RAMAL_SIP_DOMAIN), which is part of every phone's password. To move to $domain, see docs/install.md"
  [ "$(stat -c '%04a %U:%G' "$environment_file")" = '0640 root:ramal' ] ||
    act "give $environment_file to root:ramal, mode 0640" set_owner
}

set_owner() { chown root:ramal "$environment_file" && chmod 0640 "$environment_file"; }

# setting NAME: its value in ramal.env.
setting() { sed -n "s/^$1=//p" "$environment_file" | tail -n 1; }
