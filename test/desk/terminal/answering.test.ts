import { describe, expect, it } from 'vitest'
import type { CaseView, Conversation } from '../../../src/desk/files/case-view.ts'
import { sampleView } from '../support/sample-view.ts'
import { DeskPlayer } from './desk-player.ts'
import { preparedAnswer } from './fake-store.ts'

const seed = sampleView()
const talk: Conversation = {
  replyTo: { recipient: 'age1pq1', tag_key: 'ab'.repeat(32), language: 'ko' },
  problem: null,
  tips: [],
  messages: [],
  closedBy: null,
  proposals: [],
  hasAnswer: false,
  wantsAnswer: true,
}
const onCase = (change: Partial<Conversation> | null): DeskPlayer => {
  const view: CaseView = change === null ? seed : { ...seed, conversation: { ...talk, ...change } }
  return new DeskPlayer([view]).press('<return>')
}
const changes = (desk: DeskPlayer) => desk.store.saved.map(({ change }) => change)
const { id } = preparedAnswer

describe('the key a of a case', () => {
  it('writes an answer with a question of consent', () => {
    const desk = onCase({}).press('a<return>안녕하세요.<ctrl-d>un<return><return>')
    expect(changes(desk)).toEqual([
      { kind: 'reply', id, language: 'ko', text: '안녕하세요.', asks: ['un'] },
    ])
    expect(desk.text()).toContain('saved: answer; it leaves with the next stick')
  })

  it('offers the standard answers of the source’s language, which can be changed', () => {
    const desk = onCase({}).press('a')
    expect(desk.text()).toContain('standard answer, received: 쓰신 글을 읽었습니다.')
    desk.press('<down><return> 고맙습니다.<ctrl-d><return>')
    expect(changes(desk)).toMatchObject([{ text: '쓰신 글을 읽었습니다. 고맙습니다.', asks: [] }])
  })

  it('shows what the answer names, and saves it only if that is meant', () => {
    const desk = onCase({}).press('a<return>리영희 씨는 선양에 있습니까?<ctrl-d><return>')
    expect(changes(desk)).toEqual([])
    expect(desk.text()).toContain('Whoever holds the words would read this')
    expect(desk.text()).toContain('name: 리영희')
    desk.press('<return>')
    expect(desk.text()).toContain('리영희 씨는 선양에 있습니까?')
    desk.press('<ctrl-d><return>all the same<return>')
    expect(changes(desk)).toHaveLength(1)
  })

  it('refuses a text that does not fit, and keeps it', () => {
    const desk = onCase({}).press('a<return>')
    desk.play({ kind: 'paste', text: `${'가'.repeat(9_999)}` })
    desk.press('<ctrl-d>')
    expect(desk.text()).toContain('does not fit into 4 parts')
    expect(changes(desk)).toEqual([])
  })

  it('takes the answer back, closes the conversation and opens it again', () => {
    expect(changes(onCase({}).press('a<return>네.<ctrl-d><return>u'))).toMatchObject([
      { kind: 'reply', id },
      { kind: 'withdraw_reply', id },
    ])
    expect(changes(onCase({}).press('aclose the<return>'))).toEqual([
      { kind: 'close_thread', closed: true },
    ])
    expect(changes(onCase({ replyTo: null, closedBy: 'desk' }).press('a<return>'))).toEqual([
      { kind: 'close_thread', closed: false },
    ])
  })

  it('takes over the consent of a follow-up after a control question', () => {
    const proposal = { recipient: 'un', level: 'named', now: 'ask_first', receipt: 'f'.repeat(64) }
    const desk = onCase({ proposals: [proposal as Conversation['proposals'][number]] })
    desk.press('atake over<return><return>')
    expect(desk.text()).toContain('there is nothing to save yet')
    desk.press('asked for the first message<return>')
    expect(changes(desk)).toMatchObject([
      {
        kind: 'consent',
        recipient: 'un',
        level: 'named',
        reason: 'control question: asked for the first message',
      },
    ])
  })

  it('says that a source without words cannot be answered', () => {
    expect(onCase(null).press('a').text()).toContain('kept no words')
  })
})
