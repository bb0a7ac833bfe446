/**
 * The command that reaches a Redis, for people to type. It never holds the password of the URL:
 * redis-cli asks for it.
 * @param url as TUMEN_REDIS_URL has it
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

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
