#!/bin/sh
# Makes assets/fonts/ again from the packages of Fontsource. Needs npm, and fonttools with brotli.
#
# The whole families are too heavy for a first visit. What a newspaper page needs is cut out of
# them: one weight at display size for headlines, the text size in all weights from regular to
# bold, one italic, and the sans for labels. The letters stay as the subsets of Fontsource have
# them. Both families are under the Open Font License without a reserved name.
set -eu

fonts=$(cd "$(dirname "$0")" && pwd)/assets/fonts
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

fetch() { # package, version
    tar -xzf "$(npm pack --silent "@fontsource-variable/$1@$2")"
    mv package "$1"
    tr -d '\r' <"$1/LICENSE" >"$fonts/LICENSE-$1.txt"
}

cut() { # source, target, axes…
    source=$1 target=$2
    shift 2
    for letters in latin latin-ext; do
        fonttools varLib.instancer --quiet --no-recalc-timestamp \
            --output "$fonts/$target-$letters.woff2" \
            "$(printf "$source" "$letters")" "$@"
    done
}

fetch newsreader 5.3.0
fetch public-sans 5.3.0
cut newsreader/files/newsreader-%s-opsz-normal.woff2 newsreader-display opsz=72 wght=500
cut newsreader/files/newsreader-%s-opsz-normal.woff2 newsreader-text opsz=16 wght=400:700
cut newsreader/files/newsreader-%s-opsz-italic.woff2 newsreader-italic opsz=16 wght=400
cut public-sans/files/public-sans-%s-wght-normal.woff2 public-sans wght=400:700
