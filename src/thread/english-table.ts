import { wordlist } from '@scure/bip39/wordlists/english.js'
import { makeWordTable } from './word-table.ts'

export const englishTable = makeWordTable('en', wordlist)
