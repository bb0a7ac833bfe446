/** The readings of single characters without tones; empty for an unknown character. */
export interface MandarinReader {
  surname: (character: string) => string
  given: (character: string) => string
}

/** Surnames of two characters of which the first is read in another way. */
const doubleSurnames = new Map([
  ['万俟', 'mo'],
  ['尉迟', 'yu'],
  ['尉遲', 'yu'],
  ['单于', 'chan'],
  ['單于', 'chan'],
])

/** Traditional forms of the surnames in mandarin-table.ts. */
const traditionalSurnames = 'yue樂 ou區 shan單 yun員 ge蓋 miao繆'

/** Reads tables of the shape of mandarin-table.ts. */
export function mandarinReader(table: string, surnames: string): MandarinReader {
  // Built when the first character is read, because few commands compare names.
  let readings: Map<string, string> | null = null
  const given = (character: string) => (readings ??= readTable(table)).get(character) ?? ''
  const ofSurnames = readTable(`${surnames} ${traditionalSurnames}`)
  return { given, surname: (character) => ofSurnames.get(character) ?? given(character) }
}

/** The reading of each character of a name that begins with the surname. */
export function readName(han: string, reader: MandarinReader): string[] {
  const [surname = '', ...given] = han
  const start = doubleSurnames.get(han.slice(0, 2)) ?? reader.surname(surname)
  return [start, ...given.map((character) => reader.given(character))]
}

function readTable(table: string): Map<string, string> {
  const readings = new Map<string, string>()
  let reading = ''
  for (const [found] of table.matchAll(/[a-z]+|\p{Script=Han}/gu))
    if (found < 'a' || found > '{') readings.set(found, reading)
    else reading = found
  return readings
}
