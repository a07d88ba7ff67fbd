# shellcheck shell=bash disable=SC2154
# environment.sh: the settings files in /etc/ramal, and the key of the backups. It creates their secrets once and never prints them.
#   ramal.env                          for the command line, the backups and the migrations, with the database's owner
#   fastagi.env, web.env, worker.env   for one process each, with its own database user; only web.env has the session secret

environment_file=$settings/ramal.env
own_settings=(fastagi web worker)

backup_key=$settings/backup.key

write_settings() {
  local name
  write_environment
  for name in "${own_settings[@]}"; do write_own_settings "$name"; done
  if [ ! -f "$backup_key" ]; then
    act "make $backup_key, which every restore needs: keep a copy on another machine (docs/recover.md)" make_backup_key
  fi
}

make_backup_key() {
  (umask 077 && secret 32 >"$backup_key.new")
  # own_files sets its owner, which depends on the version.
  mv "$backup_key.new" "$backup_key"
}

write_environment() {
  if [ ! -f "$environment_file" ]; then
    did "write $environment_file, with new secrets"
    [ "$dry" = no ] || return 0
    install -d -m 0755 "$settings"
    (
      umask 077
      # Through a file, because every user can see the arguments of a running program.
      sed -e "s/@DOMAIN@/$domain/g" -f <(
        printf 's/@DATABASE_PASSWORD@/%s/\n' "$(secret 24)"
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
  give_file "$environment_file" 0640 root:ramal
}

# write_own_settings NAME: writes the file once, from the template and the values of ramal.env.
write_own_settings() {
  local name=$1 file=$settings/$1.env url
  if [ -f "$file" ]; then
    give_file "$file" 0640 root:root
    return
  fi
  did "write $file, for ramal-$name only"
  [ "$dry" = no ] || return 0
  url=$(setting RAMAL_DATABASE_URL)
  (
    umask 077
    {
      grep -E '^RAMAL_[A-Z_]+=' "$environment_file" | grep -v '^RAMAL_DATABASE_URL='
      say "RAMAL_DATABASE_URL=mysql://ramal_$name:$(secret 24)@${url#*@}"
      grep -q '^RAMAL_SESSION_SECRET=' "$environment_file" || say "RAMAL_SESSION_SECRET=$(secret 32)"
    } >"$scratch/known"
    fill_template "$scratch/known" "$checkout/systemd/$name.env" >"$file.new"
    rm -f "$scratch/known"
  )
  chown root:root "$file.new"
  chmod 0640 "$file.new"
  mv "$file.new" "$file"
}

# fill_template KNOWN TEMPLATE: sets each setting of TEMPLATE to its value in KNOWN; the others stay comments.
fill_template() {
  awk '
    NR == FNR { at = index($0, "="); value[substr($0, 1, at - 1)] = substr($0, at + 1); next }
    match($0, /^#?RAMAL_[A-Z_]+=/) {
      name = substr($0, 1, RLENGTH - 1); sub(/^#/, "", name)
      if (name in value) print name "=" value[name]
      else { sub(/^#?/, "#"); print }
      next
    }
    { print }' "$1" "$2"
}

give_file() {
  [ "$(stat -c '%04a %U:%G' "$1")" = "$2 $3" ] || act "give $1 to $3, mode $2" set_owner "$@"
}

set_owner() { chown "$3" "$1" && chmod "$2" "$1"; }

# setting NAME [FILE]: its value in ramal.env, or in another file.
setting() { sed -n "s/^$1=//p" "${2:-$environment_file}" | tail -n 1; }
