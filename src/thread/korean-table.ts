import { wordlist } from '@scure/bip39/wordlists/korean.js'
import { northKoreanSpellings } from './korean-spellings.ts'
import { makeWordTable } from './word-table.ts'

export const koreanTable = makeWordTable('ko', wordlist, northKoreanSpellings)
