/**
 * The values of Redis' INFO by name. Its lines are `name:value`; headings and blank lines are
 * skipped. Never throws.
 */
export function parseRedisInfo(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^(\w+):(.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value] as const]
    }),
  )
}
