/**
 * The `redis-cli` command for a Redis, for people to type. It never contains the password of the
 * URL: redis-cli asks for it.
 *
 * @param url the value of TUMEN_REDIS_URL.
 */
export function redisCliOf(url: string): string {
  if (url.startsWith('unix:')) return `redis-cli -s ${quoted(url.slice('unix:'.length))}`
  const several = /^redis-(sentinel|cluster):\/\/(?:[^@/?#]*@)?([\w.-]+)(?::(\d+))?/.exec(url)
  if (several !== null) return cliOfSeveral(several)
  const { protocol, hostname, port, username, password } = new URL(url)
  return [
    `redis-cli -h ${hostname.replace(/^\[|\]$/g, '')}`,
    ...(port === '' ? [] : [`-p ${port}`]),
    ...(protocol === 'rediss:' ? ['--tls'] : []),
    ...(username === '' ? [] : [`--user ${quoted(decodeURIComponent(username))}`]),
    ...(password === '' ? [] : ['--askpass']),
  ].join(' ')
}

/**
 * For a Sentinel: connects to it, so that it can name the master. For a Cluster: connects to one of
 * its servers.
 */
function cliOfSeveral([, kind, host = '', port]: RegExpExecArray): string {
  return kind === 'cluster'
    ? `redis-cli -c -h ${host}${port === undefined ? '' : ` -p ${port}`}`
    : `redis-cli -h ${host} -p ${port ?? 26379}`
}

/** Quotes a text for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
