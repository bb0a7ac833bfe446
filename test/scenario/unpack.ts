import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { Readable, Writable } from 'node:stream'
import { Decrypter } from 'age-encryption'

/** Opens an envelope without any of our code: typage, piped into GNU tar. */
export async function unpackWithTypage(options: {
  envelope: string
  identityFile: string
  folder: string
}): Promise<void> {
  const decrypter = new Decrypter()
  for (const line of (await readFile(options.identityFile, 'utf8')).split('\n')) {
    if (line.startsWith('AGE-SECRET-KEY-PQ-1')) decrypter.addIdentity(line)
  }
  const sealed = Readable.toWeb(createReadStream(options.envelope)) as ReadableStream<Uint8Array>
  const plaintext = await decrypter.decrypt(sealed)
  await mkdir(options.folder)
  // -i: without it, tar closes the pipe before the end of the padding, and the last chunk is not
  // checked.
  const tar = spawn('tar', ['-x', '-i', '-C', options.folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const exit = once(tar, 'exit')
  await plaintext.pipeTo(Writable.toWeb(tar.stdin) as WritableStream<Uint8Array>)
  const [status] = await exit
  if (status !== 0) throw new Error(`tar ended with status ${status}`)
}
