#!/bin/sh
# Fetches the bulletins' typefaces from the npm and Debian registries into .fonts/, verifies each
# against fonts.sha256, and writes the fonts.conf that makes every machine pick the same glyphs.
# Needs no root. They are fetched, not committed: Fandol is GPL (with a font exception).
set -eu

list=$(cd "$(dirname "$0")" && pwd)/fonts.sha256
project=$(dirname "$(dirname "$list")")
fonts=$project/.fonts

fail() {
    printf 'get-fonts: %s\n' "$@" >&2
    exit 1
}

complete() {
    [ -d "$1" ] && (cd "$1" && sha256sum --check --status "$list" 2>/dev/null)
}

fetch_npm() {
    command -v npm >/dev/null || fail "npm is missing; it brings Noto Serif SC and Noto Sans SC." \
        "Install it (apt-get install npm) and run make setup again."
    # A cache of its own, so that nothing stays behind in the home folder.
    npm pack --silent --cache "$aside/npm" "$@" >/dev/null 2>"$aside/log" || {
        cat "$aside/log" >&2
        fail "could not fetch $* from the npm registry (see above)." \
            "Check the network and npm's configuration, then run make setup again."
    }
}

fetch_debian() {
    command -v apt-get >/dev/null || fail "apt-get is missing; it brings Fandol, LXGW WenKai and" \
        "Liberation Serif. Put the ten files of $list into $fonts by hand."
    # A download by root would warn of the _apt user, who may not write here.
    set -- apt-get download -qq -o APT::Sandbox::User=root "$@"
    # Package lists are fetched only when they are missing or too old to find the packages.
    "$@" >"$aside/log" 2>&1 || { apt-get update -qq && "$@"; } >"$aside/log" 2>&1 || {
        cat "$aside/log" >&2
        fail "could not download from Debian's registry (see above)." \
            "Run apt-get update as root, then make setup again."
    }
}

unpack_debian() {
    dpkg-deb --fsys-tarfile "$1"_*.deb | tar -x --wildcards "$2" ||
        fail "the Debian package $1 holds no $2; fonts.sha256 goes with Debian 12."
}

if ! complete "$fonts"; then
    echo "Fetching ten font files into .fonts (about 20 seconds) ..."
    # Beside its goal, so that the last step is a rename: half a set of fonts is never seen.
    aside=$(mktemp -d "$project/.fonts.XXXXXX")
    trap 'rm -rf "$aside"' EXIT
    trap 'exit 130' HUP INT TERM
    mkdir "$aside/unpacked" "$aside/fonts"
    cd "$aside/unpacked"

    fetch_npm @expo-google-fonts/noto-serif-sc@0.4.3 @expo-google-fonts/noto-sans-sc@0.4.3
    for archive in *.tgz; do
        tar -xzf "$archive" --wildcards '*_300Light.ttf' '*_400Regular.ttf' '*_700Bold.ttf'
    done
    fetch_debian texlive-lang-chinese fonts-lxgw-wenkai fonts-liberation
    unpack_debian texlive-lang-chinese '*/FandolFang-Regular.otf'
    unpack_debian texlive-lang-chinese '*/FandolKai-Regular.otf'
    unpack_debian fonts-lxgw-wenkai '*/LXGWWenKai-Regular.ttf'
    unpack_debian fonts-liberation '*/LiberationSerif-*.ttf'

    while read -r _ name; do
        find . -name "$name" -exec mv {} "$aside/fonts/" \;
    done <"$list"
    (cd "$aside/fonts" && sha256sum --check --quiet "$list" >&2) ||
        fail "these files (above) are not the ones that the bulletins were measured with." \
            "fonts.sha256 goes with Debian 12 and the two npm packages at 0.4.3."
    cp "$list" "$aside/fonts/SHA256SUMS"
    chmod 755 "$aside/fonts"
    rm -rf "$fonts"
    mv -T "$aside/fonts" "$fonts"
fi

# Written last and at every run: its presence means that the folder is complete, and the cache's
# path, which fontconfig wants absolute, follows when the project has been moved.
mkdir -p "$fonts/cache"
cat >"$fonts/fonts.conf.part" <<CONF
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir>$fonts/cache</cachedir>
</fontconfig>
CONF
mv "$fonts/fonts.conf.part" "$fonts/fonts.conf"
