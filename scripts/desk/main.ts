/** `npm run bundle:desk [-- --key FILE [--passphrase-file FILE]] [-- --out DIR]` */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseSecretKey } from '../../src/keyring/minisign.ts'
import { Secret } from '../../src/keyring/secret.ts'
import { bundleDesk } from './bundle.ts'

const { values } = parseArgs({
  options: {
    key: { type: 'string' },
    'passphrase-file': { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help === true) {
  process.stdout.write(`usage: npm run bundle:desk [-- --key FILE [--passphrase-file FILE]] [--out DIR]

Makes dist/desk/tumen-desk-VERSION-ARCH.tar.gz: all that the desk needs, for a machine without a network.
--key FILE              minisign secret key that signs SHA256SUMS in the archive (tumen keys new release --purpose root)
--passphrase-file FILE  its passphrase is the first line of FILE
--out DIR               the folder to write to (default: dist/desk)
`)
} else {
  const { archive, sha256, bytes } = await bundleDesk({
    outDir: values.out ?? 'dist/desk',
    signingKey: readSigningKey(),
  })
  if (values.key === undefined)
    process.stderr.write('not signed: give --key FILE to sign SHA256SUMS with minisign\n')
  process.stdout.write(`${archive}  ${(bytes / 1e6).toFixed(1)} MB\nsha256 ${sha256}\n`)
}

function readSigningKey() {
  if (values.key === undefined) return null
  const path = values['passphrase-file']
  const passphrase =
    path === undefined
      ? undefined
      : Secret.fromText(readFileSync(path, 'utf8').split(/\r?\n/)[0] ?? '')
  return parseSecretKey(readFileSync(values.key, 'utf8'), passphrase)
}
