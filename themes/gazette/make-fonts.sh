#!/bin/sh
# Makes assets/fonts/ and fonts/ again from packages of Fontsource. Needs npm, and fonttools with
# brotli.
#
# The whole family is too heavy for a first visit. What a newspaper page needs is cut out of it: one
# weight at display size for headlines, and the text size in regular, in bold and in italic. Each is
# cut in three: `latin` has the letters that nearly every English page shows, `more` the rest of the
# western ones, `ext` what Fontsource has beyond. Browsers load the last two where a page shows such a
# letter, and bold and italic where it shows those; these two do without kerning, for they are single
# words as a rule. The family is under the Open Font License without a reserved name.
set -eu

theme=$(cd "$(dirname "$0")" && pwd)
fonts=$theme/assets/fonts
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

common="U+20-7E,U+A0,U+A3,U+A9,U+B7,U+E1,U+E4,U+E7-E9,U+ED,U+F1,U+F3,U+F6,U+FC,U+2013,U+2014,\
U+2018,U+2019,U+201C,U+201D,U+2026,U+20AC"
more="U+A1,U+A2,U+A4-A8,U+AA-B6,U+B8-E0,U+E2,U+E3,U+E5,U+E6,U+EA-EC,U+EE-F0,U+F2,U+F4,U+F5,\
U+F7-FB,U+FD-FF,U+131,U+152,U+153,U+2BB,U+2BC,U+2C6,U+2DA,U+2DC,U+2000-200B,U+2010-2012,U+2015,\
U+2016,U+201A,U+201E,U+2022,U+2032,U+2033,U+2039,U+203A,U+2044,U+2122,U+2191,U+2193,U+2212,U+2215"

fetch() { # package, version, scope, folder for its licence
    tar -xzf "$(npm pack --silent "@${3:-fontsource-variable}/$1@$2")"
    mv package "$1"
    tr -d '\r' <"$1/LICENSE" >"${4:-$fonts}/LICENSE-$1.txt"
}

part() { # source, target, letters, features
    pyftsubset "$1" --output-file="$fonts/$2.woff2" --flavor=woff2 --unicodes="$3" \
        --layout-features="$4" --no-hinting --notdef-outline --drop-tables+=STAT
}

cut() { # style, target, features, axes…
    style=$1 target=$2 features=$3
    shift 3
    for letters in latin latin-ext; do
        fonttools varLib.instancer --quiet --no-recalc-timestamp --output "$letters.woff2" \
            "newsreader/files/newsreader-$letters-opsz-$style.woff2" "$@"
    done
    part latin.woff2 "$target-latin" "$common" "$features"
    part latin.woff2 "$target-more" "$more" "$features"
    part latin-ext.woff2 "$target-ext" "*" "$features"
}

fetch newsreader 5.3.0
cut normal newsreader-display kern,liga,ccmp,locl opsz=72 wght=500
cut normal newsreader-text kern,liga,lnum,tnum,ccmp,locl opsz=16 wght=400
cut normal newsreader-bold liga,lnum,tnum,ccmp,locl opsz=16 wght=600
cut italic newsreader-italic liga,lnum,ccmp,locl opsz=16 wght=400

# Social cards are drawn from TrueType fonts, one weight of each family, with all letters in one
# file. Those of other scripts have Latin letters too, so that a mixed title is of one piece.

instance() { # source, target, axes…
    source=$1 target=$2
    shift 2
    fonttools varLib.instancer --quiet --no-recalc-timestamp --output "$target" "$source" "$@"
}

whole() { # target, parts…
    python3 - "$@" <<'PYTHON'
import os, sys
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

target, *parts = sys.argv[1:]
plain = []
for number, part in enumerate(parts):
    font = TTFont(part, recalcTimestamp=False)
    font.flavor = None
    for table in ("HVAR", "MVAR", "STAT", "DSIG", "meta"):
        if table in font:
            del font[table]
    plain.append(f"{number}.ttf")
    font.save(plain[-1])
merged = Merger().merge(plain)
merged.recalcTimestamp = False
merged["head"].modified = TTFont(plain[0])["head"].modified
merged.save(target)
PYTHON
}

fetch public-sans 5.3.0 fontsource-variable "$theme/fonts"
for letters in latin latin-ext vietnamese; do
    instance newsreader/files/newsreader-$letters-opsz-normal.woff2 display-$letters.woff2 opsz=72 wght=500
    instance public-sans/files/public-sans-$letters-wght-normal.woff2 sans-$letters.woff2 wght=600
done
whole "$theme/fonts/newsreader-display.ttf" display-latin.woff2 display-latin-ext.woff2 display-vietnamese.woff2
whole "$theme/fonts/public-sans.ttf" sans-latin.woff2 sans-latin-ext.woff2 sans-vietnamese.woff2
add() { # package, parts…
    family=$1
    shift
    fetch "$family" 5.3.0 fontsource "$theme/fonts"
    whole "$theme/fonts/$family.ttf" $(printf "$family/files/$family-%s-600-normal.woff2 " "$@")
}
add noto-serif cyrillic greek latin
add noto-naskh-arabic arabic latin
add noto-serif-hebrew hebrew latin
