import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IntakeError } from '../../../src/server/errors.ts'
import { problemStatus } from '../../../src/wire/problem-codes.ts'
import { expiryOf } from '../../../src/server/uploads/expiry.ts'
import { problemOfFailure, problemOfStatus } from '../../../src/server/uploads/tus-failure.ts'
import {
  checkTusHeaders,
  readKeyringField,
  tusRequest,
} from '../../../src/server/uploads/tus-request.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('readKeyringField', () => {
  it.each([
    ['nothing', undefined, null],
    ['the field alone', `keyring ${base64('abc')}`, 'abc'],
    [
      'the field among others',
      `filename ${base64('비밀.jpg')},keyring ${base64('abc')},is_confidential`,
      'abc',
    ],
    ['no such field', `filename ${base64('secret.jpg')}`, null],
    ['the field without a value', 'keyring', null],
  ])('reads %s', (_what, header, expected) => {
    expect(readKeyringField(header)).toBe(expected)
  })

  it.each([
    ['the same field twice', `keyring ${base64('a')},keyring ${base64('b')}`],
    ['two headers in one', `keyring ${base64('a')}, filename ${base64('b')}`],
    ['a value that is not base64', 'keyring ***'],
    ['a field named as what objects have', `__proto__ ${base64('abc')}`],
    ['an empty header', ''],
  ])('ignores %s', (_what, header) => {
    expect(readKeyringField(header)).toBeNull()
  })

  it('never throws', () => {
    const pieces = fc.constantFrom(
      'keyring',
      ' ',
      ',',
      '=',
      'YQ==',
      '__proto__',
      'constructor',
      'toString',
      '\u0000',
      '키',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((some) => some.join('')),
        ),
        (header) => {
          const value = readKeyringField(header)
          expect(value === null || typeof value === 'string').toBe(true)
        },
      ),
    )
  })
})

describe('checkTusHeaders', () => {
  const good = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' }

  it.each(['POST', 'HEAD', 'PATCH', 'DELETE'])('requires version 1.0.0 for %s', (method) => {
    expect(() => checkTusHeaders(method, good)).not.toThrow()
    for (const version of [undefined, '', '1.0', '0.2.2', '1.0.0, 1.0.0']) {
      const { 'tus-resumable': _left, ...rest } = good
      const headers = version === undefined ? rest : { ...rest, 'tus-resumable': version }
      expect(() => checkTusHeaders(method, headers)).toThrow(
        expect.objectContaining({ code: 'TUS_VERSION' }),
      )
    }
  })

  it('requires no version for OPTIONS', () => {
    expect(() => checkTusHeaders('OPTIONS', {})).not.toThrow()
  })

  it('requires the content type only for PATCH', () => {
    const headers = { ...good, 'content-type': 'application/octet-stream' }
    expect(() => checkTusHeaders('PATCH', headers)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_TYPE' }),
    )
    expect(() => checkTusHeaders('POST', headers)).not.toThrow()
  })
})

describe('tusRequest', () => {
  it('passes on nothing that identifies the sender or the host', () => {
    const request = tusRequest('PATCH', '/uploads/x', {
      'upload-offset': '5',
      'tus-resumable': '1.0.0',
      'content-length': '7',
      'user-agent': 'telltale',
      host: 'evil',
      cookie: 'a=b',
      origin: 'http://evil',
      forwarded: 'host=evil',
      'x-forwarded-host': 'evil',
      'x-forwarded-proto': 'javascript',
      'x-http-method-override': 'DELETE',
      'upload-metadata': 'filename c2VjcmV0',
    })
    expect(request.method).toBe('PATCH')
    expect(request.url).toBe('http://intake/uploads/x')
    expect(Object.fromEntries(request.headers)).toEqual({
      'content-length': '7',
      'tus-resumable': '1.0.0',
      'upload-offset': '5',
    })
  })
})

describe('what tus refuses', () => {
  it.each([
    [404, 'NOT_FOUND'],
    [409, 'OFFSET_CONFLICT'],
    [412, 'TUS_VERSION'],
    [413, 'TOO_LARGE'],
    [400, 'UPLOAD_HEADERS'],
    [403, 'UPLOAD_HEADERS'],
    [501, 'UPLOAD_HEADERS'],
    [500, 'INTERNAL'],
  ] as const)('with %i is our %s', (status, code) => {
    expect(problemOfStatus(status).code).toBe(code)
    expect(problemOfFailure({ status_code: status, body: 'Upload-Offset conflict' })).toMatchObject(
      { code },
    )
  })

  it('keeps our own errors as they are', () => {
    const own = new IntakeError('NO_SPACE', 'full')
    expect(problemOfFailure(own)).toBe(own)
  })

  it('has an answer for anything thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const problem = problemOfFailure(thrown)
        expect(problem).toBeInstanceOf(Error)
        if (problem instanceof IntakeError)
          expect(problemStatus[problem.code]).toBeGreaterThanOrEqual(400)
      }),
    )
  })
})

describe('expiryOf', () => {
  it.each([
    ['2026-11-23T00:00:00Z', 1, '2026-11-25T00:00:00Z'],
    ['2026-12-31T00:00:00Z', 1, '2027-01-02T00:00:00Z'],
    ['2026-11-23T00:00:00Z', 30, '2026-12-24T00:00:00Z'],
  ])(
    'of %s and %i days is midnight, so many whole days after any hour of that day',
    (day, days, expected) => {
      expect(expiryOf(new Date(day), days)).toEqual(new Date(expected))
    },
  )
})
