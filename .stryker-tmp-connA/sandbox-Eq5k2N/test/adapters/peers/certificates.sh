#!/usr/bin/env bash
# Makes certificates.json: for tests alone, on loopback alone, and worth nothing elsewhere. Needs openssl.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

days=36500
key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null ||
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key" -sha256 -days $days -subj "/CN=puremqtt tests, $1" -out "$1.crt" \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign'
}
issue() { # name, authority, extended key usage
  key "$1"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  printf '%s\n' 'basicConstraints=CA:FALSE' 'keyUsage=critical,digitalSignature' "extendedKeyUsage=$3" \
    'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1' >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -CAcreateserial -sha256 -days $days \
    -extfile "$1.ext" -out "$1.crt"
}

authority ca
authority stranger
issue server ca serverAuth
issue impostor stranger serverAuth
issue client ca clientAuth
openssl pkcs8 -topk8 -in client.key -passout pass:correct-horse -v2 aes-256-cbc -out client.encrypted.key

node -e '
  const { readFileSync, writeFileSync } = require("node:fs");
  const read = (name) => readFileSync(name, "utf8");
  const identity = (name) => ({ cert: read(`${name}.crt`), key: read(`${name}.key`) });
  const encryptedKey = read("client.encrypted.key");
  const all = {
    ca: read("ca.crt"),
    server: identity("server"),
    impostor: identity("impostor"),
    client: { ...identity("client"), encryptedKey, passphrase: "correct-horse" },
  };
  writeFileSync(process.argv[1], `${JSON.stringify(all, undefined, 2)}\n`);
' "$here/certificates.json"
