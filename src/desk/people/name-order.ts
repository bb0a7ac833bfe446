import type { Person } from '../../tip/person.ts'

type Name = NonNullable<Person['names']>[number]

const lateKinds: readonly Name['kind'][] = ['alias', 'nickname']

/** The names with aliases after legal names, and nicknames last: a nickname is no title. */
export function byKind<Named extends Pick<Name, 'kind'>>(names: readonly Named[]): Named[] {
  return names.toSorted((one, other) => lateKinds.indexOf(one.kind) - lateKinds.indexOf(other.kind))
}
