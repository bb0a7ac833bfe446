import { onionAddress } from '../../../config/parsers.ts'
import { FrontPageError } from '../../front-page/errors.ts'
import { writeSite } from '../../front-page/write-site.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine, resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'

/** A public host name for which a certificate can be issued (RFC 1123). */
const namePattern = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/

export const command = defineCommand({
  name: 'front-page',
  summary: 'write a page for the open web that leads people to the onion',
  usage: '--onion ADDRESS -o FOLDER [--name HOST]',
  help: `Writes FOLDER/www, static files in English, Korean and Chinese that any web server can serve, and
nginx.conf and Caddyfile as samples. No form, no script, no request elsewhere; Tor Browser offers the
onion by itself.

Opening the page reveals the visit: name servers and observers of the connection learn the name of
the site (DNS, SNI), and the web server learns the visitor's address. The page says so. Put it on
another machine than Tumen's, keep no log, and choose a name that is not dangerous to look up. A busy
site of yours that is not about detention hides the visit better than a name of its own.`,
  options: {
    onion: { type: 'string', value: 'ADDRESS', about: 'the onion address of sources' },
    output: { type: 'string', short: 'o', value: 'FOLDER', about: 'a new or empty folder' },
    name: { type: 'string', value: 'HOST', about: 'the name of the web server, for the samples' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, { onion, output, name }) {
    if (onion === undefined || output === undefined)
      throw usageError('--onion ADDRESS and -o FOLDER are needed')
    const address = onionAddress(onion)
    if ('problem' in address) throw usageError(`--onion ${address.problem}`)
    if (address.value.port !== 80) throw usageError('--onion must have no port: sources type it')
    if (name !== undefined && !namePattern.test(name))
      throw usageError('--name must be a host name such as tips.example.org')
    await writeSite({
      folder: resolvePath(context, output),
      onion: address.value.host,
      name,
    }).catch((error: unknown) => {
      throw error instanceof FrontPageError ? failure(error.message, error) : error
    })
    printLine(
      context,
      `wrote ${output}: serve ${output}/www, see nginx.conf and Caddyfile beside it`,
    )
    return 0
  },
})
