import { isLoopback } from '../../../config/parsers.ts'
import { exchange } from '../../net/http-exchange.ts'
import type { Channel, ChannelOptions } from './channel.ts'
import type { Note } from './note.ts'
import { codeOf, noteText, noteTitle } from './note.ts'

const maxAnswerBytes = 64 * 1024

/** Posts JSON. Chat programs show its `text`; `state` is 0, 1 or 2. */
export function webhookChannel(url: URL, options: ChannelOptions): Channel {
  return {
    async send(note) {
      const document = {
        title: noteTitle,
        state: codeOf(note),
        waiting: note.mayWait ? 1 : 0,
        text: noteText(note),
      }
      await post(url, { 'content-type': 'application/json' }, JSON.stringify(document), options)
    },
  }
}

/**
 * The priority of a note: low, high or urgent, one digit each. Never the default, which ntfy omits
 * from its messages.
 */
function priorityOf(note: Note): '2' | '4' | '5' {
  if (note.state === 'look now') return '5'
  return note.state === 'look soon' || note.mayWait ? '4' : '2'
}

/** Posts to ntfy.sh or a self-hosted server. The topic is the path of the URL. */
export function ntfyChannel(url: URL, options: ChannelOptions): Channel {
  return {
    async send(note) {
      const headers = { 'content-type': 'text/plain', title: noteTitle, priority: priorityOf(note) }
      await post(url, headers, noteText(note), options)
    },
  }
}

async function post(
  url: URL,
  headers: Record<string, string>,
  body: string,
  { socks, timeoutMs }: ChannelOptions,
): Promise<void> {
  const way = isLoopback(url.hostname) ? null : socks
  const { status } = await exchange({
    method: 'POST',
    url,
    headers,
    body: Buffer.from(body),
    socks: way,
    timeoutMs,
    maxAnswerBytes,
  })
  if (status < 200 || status > 299) throw new Error(`the channel answered ${status}`)
}
