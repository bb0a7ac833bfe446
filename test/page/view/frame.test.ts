import { type ComponentChild, h } from 'preact'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../../src/page/all-texts.ts'
import { Frame, type FrameProps, LEAVE_TARGET } from '../../../src/page/view/frame.ts'
import { addressOf } from '../../../src/page/view/tor-facts.ts'
import { fill, withCode } from '../../../src/page/view/wording.ts'

type Element = { type: unknown; props: Record<string, unknown> & { children?: ComponentChild } }

/** Every element that the frame renders, without a browser. */
function elementsOf(node: unknown): Element[] {
  if (Array.isArray(node)) return node.flatMap(elementsOf)
  if (node === null || typeof node !== 'object') return []
  const element = node as Element
  if (typeof element.type === 'function')
    return elementsOf((element.type as (props: unknown) => unknown)(element.props))
  return [element, ...elementsOf(element.props.children)]
}

function link(props: Partial<FrameProps>, href: string): (event: object) => void {
  const frame = h(Frame, {
    texts: textsOf('en'),
    isDemo: false,
    organisation: null,
    isScript: true,
    keyring: null,
    ...props,
  })
  const found = elementsOf(frame).find(
    (element) => element.type === 'a' && element.props['href'] === href,
  )
  return found?.props['onClick'] as (event: object) => void
}

function click(onClick: (event: object) => void, keys: object = {}): boolean {
  let isPrevented = false
  onClick({
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    preventDefault: () => void (isPrevented = true),
    ...keys,
  })
  return isPrevented
}

describe('Frame with scripts', () => {
  it('calls its handlers for the language and the exit instead of following the link', () => {
    const told: string[] = []
    const props = {
      onLanguage: (language: string) => void told.push(language),
      onLeave: () => void told.push('left'),
    }
    expect(click(link(props, '/ko/'))).toBe(true)
    expect(click(link(props, LEAVE_TARGET))).toBe(true)
    expect(told).toEqual(['ko', 'left'])
  })

  it('does not intercept a click that opens the link in another tab', () => {
    const told: string[] = []
    expect(
      click(link({ onLanguage: (language) => void told.push(language) }, '/ko/'), {
        ctrlKey: true,
      }),
    ).toBe(false)
    expect(told).toEqual([])
  })

  it('has plain links if there are no handlers', () => {
    expect(link({}, '/ko/')).toBeUndefined()
    expect(link({}, LEAVE_TARGET)).toBeUndefined()
  })
})

describe('withCode', () => {
  it('turns text between backquotes into code', () => {
    const parts = withCode('a `b` c') as [string, Element, string]
    expect([parts[0], parts[1].type, parts[1].props.children, parts[2]]).toEqual([
      'a ',
      'code',
      'b',
      ' c',
    ])
  })
})

describe('fill', () => {
  it('replaces known placeholders and keeps the others', () => {
    expect(fill('{a} {b}', { a: '$&' })).toBe('$& {b}')
  })
})

describe('addressOf', () => {
  it.each([
    ['ABC.ONION', 'onion'],
    ['[::1]:8440', 'local'],
    ['127.0.0.1.example', 'open'],
    ['localhost', 'local'],
  ])('%s is %s', (host, address) => {
    expect(addressOf(host)).toBe(address)
  })
})
