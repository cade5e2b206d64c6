#!/usr/bin/env bash
# What one would guess: a word that names no region is refused when it is read as a `Region`, so that a mistyped
#   setting is found at the start.
# What happens: `"QQ".parse::<Region>()`, `"ZZ"`, the abolished `"AN"` and even `"001"` are regions, and `"fr"` is
#   France. Only a word that is neither two letters nor that code is refused. A region without a numbering plan
#   then lets every number in national form fail one by one, with "Invalid country code".
# Version: rlibphonenumber 2.2.15, seen on 2026-11-28. Source: this run.
# For a gateway: a setting is sound only when the region also has a country code
#   (`get_country_code_for_region`), and when it is spelt as the library spells it back; otherwise a whole school's
#   numbers are set aside as unusable, and the setting looks right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat > "$folder/Cargo.toml" <<'END'
[package]
name = "regions"
version = "0.0.0"
edition = "2024"

[dependencies]
rlibphonenumber = "=2.2.15"
END
cat > "$folder/src/main.rs" <<'END'
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

fn main() {
    for word in ["FR", "fr", "QQ", "ZZ", "AN", "001", "999", "France"] {
        let Ok(region) = word.parse::<Region>() else {
            println!("{word}: no region");
            continue;
        };
        let has_plan = PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some();
        let read = match PHONE_NUMBER_UTIL.parse("01 99 00 12 34", Some(region)) {
            Ok(number) => PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).to_string(),
            Err(error) => error.to_string(),
        };
        println!("{word}: a region, has a plan: {has_plan}, 01 99 00 12 34 is read as: {read}");
    }
}
END
expected='FR: a region, has a plan: true, 01 99 00 12 34 is read as: +33199001234
fr: a region, has a plan: true, 01 99 00 12 34 is read as: +33199001234
QQ: a region, has a plan: false, 01 99 00 12 34 is read as: Invalid country code
ZZ: a region, has a plan: false, 01 99 00 12 34 is read as: Invalid country code
AN: a region, has a plan: false, 01 99 00 12 34 is read as: Invalid country code
001: a region, has a plan: false, 01 99 00 12 34 is read as: Invalid country code
999: no region
France: no region'
seen=$(cargo run --quiet --manifest-path "$folder/Cargo.toml")
echo "$seen"
if [ "$seen" != "$expected" ]; then
    echo "It changed. Seen on 2026-11-28:" >&2
    echo "$expected" >&2
    exit 1
fi
