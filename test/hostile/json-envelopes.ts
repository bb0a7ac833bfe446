import { archive, entry } from '../tip/tar-blocks.ts'
import type { HostileEnvelope } from './hostile-envelope.ts'
import { kept } from './hostile-envelope.ts'

const text = (content: string | Uint8Array) =>
  archive(entry({ content: typeof content === 'string' ? Buffer.from(content) : content }))
const tip = (fields: string) => `{"narrative":"x",${fields}}`
const expecting = (
  code: string,
  cases: readonly (readonly [string, string | Uint8Array])[],
): HostileEnvelope[] =>
  cases.map(([name, content]) => ({ name, bytes: text(content), expected: kept(code) }))
const nested = (open: string, inner: string, close: string, depth: number) =>
  open.repeat(depth) + inner + close.repeat(depth)

/**
 * Envelopes whose `tip.json` is not JSON, is not a tip, or contains a key twice. The file is kept
 * unchanged, and no tip is read from it.
 */
export function jsonPlaintexts(): HostileEnvelope[] {
  const refusedTips: [string, string | Uint8Array][] = [
    ['an empty tip.json', ''],
    ['a tip.json of spaces', '   \n'],
    ['a tip.json cut short', '{"narrative":"x"'],
    ['two tips in one', '{"narrative":"x"}{"narrative":"y"}'],
    ['a comma too many', '{"narrative":"x",}'],
    ['a comment', '{"narrative":"x"/* y */}'],
    ['single quotes', "{'narrative':'x'}"],
    ['a key without quotes', '{narrative:"x"}'],
    ['NaN', tip('"people_count":{"min":NaN}')],
    ['Infinity', tip('"people_count":{"min":Infinity}')],
    ['a control character in a string', '{"narrative":"a\u0001b"}'],
    ['a terminal escape in a string', '{"narrative":"\u001b[2J"}'],
    ['a bad escape', '{"narrative":"\\x41"}'],
    ['half an escape', '{"narrative":"\\u00"}'],
    ['UTF-16', Buffer.from('{"narrative":"x"}', 'utf16le')],
    ['Latin-1', Buffer.from('{"narrative":"caf\xe9"}', 'latin1')],
    ['EUC-KR', Buffer.from('{"narrative":"\xb1\xe8"}', 'latin1')],
    ['a lone surrogate in its bytes', Buffer.from('{"narrative":"\xed\xa0\x80"}', 'latin1')],
    ['overlong UTF-8', Buffer.from('{"narrative":"\xc0\x80"}', 'latin1')],
    ['NUL bytes', Buffer.from('{"narrative":"x"}\0\0')],
    ['YAML', 'narrative: x\n'],
    ['XML with an entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
    ['a script', '<script>alert(1)</script>'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"narrative"'],
    ['a number', '1'],
    ['true', 'true'],
    ['an empty object', '{}'],
    ['lists two million deep', nested('[', '', ']', 2_000_000)],
    ['lists 1,000 deep', nested('[', '1', ']', 1000)],
    ['objects 500,000 deep', nested('{"a":', '1', '}', 500_000)],
    ['a narrative of lists 1,000,000 deep', `{"narrative":${nested('[', '', ']', 1_000_000)}}`],
    ['persons 100,000 deep', tip(`"persons":${nested('[', '', ']', 100_000)}`)],
    ['an event of events', tip(`"event":${nested('{"event":', '{}', '}', 200_000)}`)],
    ['a narrative twice', '{"narrative":"x","narrative":"y"}'],
    ['consent twice', tip('"consent":[],"consent":[{"recipient":"un","level":"named"}]')],
    ['a level twice', tip('"consent":[{"recipient":"media","level":"no","level":"named"}]')],
    ['a field twice, once escaped', tip('"lang":"ko","la\\u006eg":"en"')],
    [
      'a million fields',
      `{${Array.from({ length: 250_000 }, (_, index) => `"a${index}":1`).join(',')}}`,
    ],
  ]
  const misfits: [string, string][] = [
    ['a number of 400 digits', tip(`"people_count":{"min":${'9'.repeat(400)}}`)],
    ['a number with a huge exponent', tip('"people_count":{"min":1e999}')],
    ['a number with a million digits', tip(`"people_count":{"min":0.${'1'.repeat(1_000_000)}}`)],
  ]
  const unknown: [string, string][] = [
    ['__proto__ as a field', tip('"__proto__":{"isAdmin":true}')],
    ['constructor as a field', tip('"constructor":{"prototype":{"x":1}}')],
    ['__proto__ in a person', tip('"persons":[{"__proto__":{"sex":"male"}}]')],
    ['toString as a field', tip('"toString":"x"')],
    ['a field name with a terminal escape', tip('"\\u001b]0;x\\u0007":1')],
    ['a field name of a megabyte', tip(`"${'x'.repeat(1_000_000)}":1`)],
    ['a field name that turns the text', tip('"\\u202eevitarran":1')],
    ['an empty field name', tip('"":1')],
  ]
  return [
    ...expecting('TIP_REFUSED', refusedTips),
    ...expecting('FIELD_LEFT_OUT', misfits),
    ...expecting('FIELD_UNKNOWN', unknown),
    {
      name: 'a byte order mark before the JSON',
      bytes: text(Buffer.from('\ufeff{"narrative":"x"}')),
      expected: 'nothing',
    },
    {
      name: 'an escaped lone surrogate',
      bytes: text('{"narrative":"\\ud800 x \\udfff"}'),
      expected: 'nothing',
    },
    {
      name: 'escaped NUL and controls',
      bytes: text('{"narrative":"a\\u0000b\\u001b[31mc\\u0007"}'),
      expected: 'nothing',
    },
    {
      name: 'a narrative of 200,000 emoji',
      bytes: text(`{"narrative":"${'😀'.repeat(200_000)}"}`),
      expected: 'nothing',
    },
    {
      name: 'a megabyte of spaces in the JSON',
      bytes: text(`{${' '.repeat(1_000_000)}"narrative":"x"}`),
      expected: 'nothing',
    },
  ]
}

/** Valid JSON that is not a `detention_tip`. */
export function schemaPlaintexts(): HostileEnvelope[] {
  const digest = 'a'.repeat(64)
  const person = (fields: string) => tip(`"persons":[{${fields}}]`)
  const attachment = (fields: string) => tip(`"attachments":[{${fields}}]`)
  const refusedTips: [string, string][] = [
    ['no narrative', '{"lang":"ko"}'],
    ['a narrative of spaces', '{"narrative":"  \\n "}'],
    ['a narrative that is a number', '{"narrative":1}'],
    ['a narrative that is null', '{"narrative":null}'],
  ]
  const misfits: [string, string][] = [
    ['a narrative of 200,001 characters', `{"narrative":"${'x'.repeat(200_001)}"}`],
    ['an unknown language', tip('"lang":"xx"')],
    ['an unknown topic', tip('"topic":"Detention"')],
    ['persons that are no list', tip('"persons":{"0":{}}')],
    ['501 persons', tip(`"persons":[${Array(501).fill('{}').join(',')}]`)],
    ['a million persons', tip(`"persons":[${Array(1_000_000).fill('{}').join(',')}]`)],
    ['a person that is null', tip('"persons":[null]')],
    ['51 names', person(`"names":[${Array(51).fill('{"text":"x"}').join(',')}]`)],
    ['an empty name', person('"names":[{"text":""}]')],
    ['a name of 501 characters', person(`"names":[{"text":"${'x'.repeat(501)}"}]`)],
    ['a name that is a list', person('"names":[["x"]]')],
    ['an age of -1', person('"age":{"value":-1,"unit":"years"}')],
    ['an age of half a year', person('"age":{"value":0.5}')],
    ['an age as text', person('"age":{"value":"4"}')],
    ['a birth on 30 February', person('"birth":"2017-02-30"')],
    ['an unknown flag', person('"risk_flags":["x"]')],
    ['a nationality in small letters', person('"nationality":["kp"]')],
    ['a date backwards', tip('"event":{"detained_when":"2017-11-10/2017-11-01"}')],
    ['a date with a time', tip('"event":{"detained_when":"2017-11-04T10:00:00Z"}')],
    ['a date of 24 characters', tip('"event":{"detained_when":"2017-11-04/2017-11-05~~~"}')],
    ['an authority that is unknown', tip('"event":{"authority":["police"]}')],
    ['a latitude of 91', tip('"event":{"where_taken":{"lat":91,"lon":0}}')],
    ['-1 companions', tip('"event":{"companions":-1}')],
    ['consent for somebody unknown', tip('"consent":[{"recipient":"police","level":"named"}]')],
    ['consent without a level', tip('"consent":[{"recipient":"un"}]')],
    ['a consent level that is unknown', tip('"consent":[{"recipient":"un","level":"all"}]')],
    [
      'seven consents',
      tip(`"consent":[${Array(7).fill('{"recipient":"un","level":"no"}').join(',')}]`),
    ],
    ['a withdrawal of maybe', tip('"consent_meta":{"withdrawn":"maybe"}')],
    ['an attachment with a path', attachment(`"name":"../x","bytes":1,"sha256":"${digest}"`)],
    ['an attachment without a digest', attachment('"name":"x","bytes":1')],
    ['an attachment of -1 bytes', attachment(`"name":"x","bytes":-1,"sha256":"${digest}"`)],
    ['a digest in capitals', attachment(`"name":"x","bytes":1,"sha256":"${digest.toUpperCase()}"`)],
    [
      '1,001 attachments',
      tip(
        `"attachments":[${Array(1001).fill(`{"name":"x","bytes":1,"sha256":"${digest}"}`).join(',')}]`,
      ),
    ],
  ]
  return [
    ...expecting('TIP_REFUSED', refusedTips),
    ...expecting('FIELD_LEFT_OUT', misfits),
    ...expecting('FIELD_UNKNOWN', [['an unknown field', tip('"exec":"rm -rf /"')]]),
    ...expecting('TIP_EDITION', [
      ['a schema of a later edition', tip('"schema":"urn:tumen:detention_tip:3"')],
      ['a schema that is a number', tip('"schema":1')],
    ]),
    {
      name: 'the second edition of the schema',
      bytes: text(tip('"schema":"urn:tumen:detention_tip:2"')),
      expected: 'nothing' as const,
    },
    {
      name: 'an attachment that did not come',
      bytes: text(attachment(`"name":"x.jpg","bytes":1,"sha256":"${digest}"`)),
      expected: kept('ATTACHMENT_MISSING'),
    },
    {
      name: 'an attachment that is another',
      bytes: archive(
        entry({
          content: Buffer.from(attachment(`"name":"x.jpg","bytes":1,"sha256":"${digest}"`)),
        }),
        entry({ path: 'attachments/x.jpg', content: Buffer.from('y') }),
      ),
      expected: kept('ATTACHMENT_CHANGED'),
    },
    {
      name: 'an attachment nobody listed',
      bytes: archive(
        entry({ content: Buffer.from('{"narrative":"x"}') }),
        entry({ path: 'attachments/x.jpg', content: Buffer.from('y') }),
      ),
      expected: kept('ATTACHMENT_NOT_LISTED'),
    },
  ]
}
