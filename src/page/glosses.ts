import type { Language } from './languages.ts'

/**
 * The questions of the quick screen in languages that have no form of their own yet. They are shown
 * next to those of the form's language, as far as the words are certain: a wrong promise or warning
 * is worse than one in another language. A native speaker has to read them before real use.
 */
export type Gloss = Readonly<
  Partial<
    Record<
      | 'narrative'
      | 'who'
      | 'name'
      | 'age'
      | 'when'
      | 'where'
      | 'sentBack'
      | 'files'
      | 'consent'
      | 'with_names'
      | 'without_names'
      | 'ask_me'
      | 'nobody'
      | 'send'
      | `${'narrative' | 'who' | 'when' | 'where' | 'files' | 'un'}Hint`,
      string
    >
  >
>

export const glosses: Readonly<Partial<Record<Language, Gloss>>> = {
  ug: {
    narrative: 'نېمە ئىش بولدى؟',
    narrativeHint:
      'پەقەت بىخەتەر دەپ قارىغىنىڭىزنىلا يېزىڭ. قايسى تىلدا، قايسى تەرتىپتە يازسىڭىز بولىدۇ. بىر جۈملە بولسىمۇ كۇپايە.',
    who: 'كىم تۇتۇپ كېتىلدى؟ (ئىسمى، يېشى)',
    whoHint: 'تېخىچە يوشۇرۇنۇپ يۈرگەن كىشىلەرنى يازماڭ.',
    name: 'ئىسمى',
    age: 'يېشى',
    when: 'قاچان؟ تەخمىنەن يازسىڭىزمۇ بولىدۇ',
    whenHint: 'مەسىلەن: «ئۆتكەن سەيشەنبە تاڭ ئېتىشتىن بۇرۇن»',
    where: 'قەيەردە تۇتۇلدى؟',
    whereHint:
      'شەھەر ياكى كۆزگە چېلىقىدىغان بىنا بولسا كۇپايە. يوشۇرۇنىدىغان ئۆي ۋە يوللارنى يازماڭ.',
    sentBack: 'مەجبۇرىي قايتۇرۇۋېتىلىش خەۋپى بارمۇ؟',
    files: 'سۈرەت ياكى ھۆججەت قوشۇش (ئىختىيارىي)',
    filesHint:
      'پەقەت قولىڭىزدا بارىنىلا. يۈزلەر، ۋىۋىسكىلار ۋە دېرىزىلەرمۇ ئورۇن ۋە ۋاقىتنى بىلدۈرۈپ قويىدۇ.',
    consent: 'سىزدىن قايتا سورىماي كىملەرگە ئېيتساق بولىدۇ؟',
    with_names: 'ياردەم قىلالايدىغانلارغا، ئىسىملار بىلەن',
    without_names: 'پەقەت نېمە ئىش بولغانلىقىنىلا، ئىسىمسىز',
    ask_me: 'ئاۋۋال مۇشۇ يەردە مەندىن سوراڭ',
    nobody: 'ھېچكىمگە ئېيتماڭ',
    unHint:
      'بىرلەشكەن دۆلەتلەر تەشكىلاتى ئەھۋالنى ئىسىم بىلەن بىللە شۇ كىشىنى تۇتۇپ تۇرغان ھۆكۈمەتكە يەتكۈزىدۇ. باشقا مۇناسىۋەتلىك ھۆكۈمەتلەرگىمۇ ئەۋەتىشى مۇمكىن.',
    send: 'ئەۋەتىش',
  },
  bo: {
    narrative: 'གནས་ཚུལ་གང་བྱུང་སོང་།',
    who: 'སུ་འཛིན་བཟུང་བྱས་སོང་། (མིང་དང་ལོ།)',
    name: 'མིང་།',
    age: 'ལོ།',
    where: 'གང་དུ་འཛིན་བཟུང་བྱས་སོང་།',
    files: 'འདྲ་པར་རམ་ཡིག་ཆ་ཁ་སྣོན།',
    consent: 'ང་ཚོས་སུ་ལ་བཤད་ན་འགྲིག་གམ།',
    without_names: 'མིང་མེད་པར་གནས་ཚུལ་ཙམ།',
    ask_me: 'སྔོན་ལ་ང་ལ་འདྲི་རོགས།',
    send: 'གཏོང་།',
  },
}
