/**
 * The `redis-cli` command for a Redis, for people to type. It never contains the password of the
 * URL: redis-cli asks for it.
 *
 * @param url the value of TUMEN_REDIS_URL.
 */
export function redisCliOf(url: string): string {
  if (url.startsWith('unix:')) return `redis-cli -s ${quoted(url.slice('unix:'.length))}`
  const { protocol, hostname, port, username, password } = new URL(url)
  return [
    `redis-cli -h ${hostname.replace(/^\[|\]$/g, '')}`,
    ...(port === '' ? [] : [`-p ${port}`]),
    ...(protocol === 'rediss:' ? ['--tls'] : []),
    ...(username === '' ? [] : [`--user ${quoted(decodeURIComponent(username))}`]),
    ...(password === '' ? [] : ['--askpass']),
  ].join(' ')
}

/** Quotes a text for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
