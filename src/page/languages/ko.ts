import type { OrganisationTexts } from '../organisation-texts.ts'
import type { FormTexts, DeferredTexts } from '../app/form-texts.ts'
import type {
  FrameTexts,
  FrontPageTexts,
  LeaveTexts,
  OfflineTexts,
  ProblemsTexts,
  ReceiptsTexts,
  ReceiptTexts,
  SafetyTexts,
  TorFactsTexts,
  WithoutScriptTexts,
} from '../texts.ts'
import type { AnswersTexts, WordsTexts } from '../two-way-texts.ts'

export const frame: FrameTexts = {
  title: '잡혀간 사람에 대해 알려 주세요',
  skip: '본문으로 건너뛰기',
  demo: '연습용(DEMO)입니다. 이 서버는 시험용이니 실제 내용을 보내지 마세요.',
  languages: '언어',
  home: '처음으로',
  staff: '보낸 내용을 열 수 있는 사람',
  fingerprint: '열쇠가 맞는지 확인하는 숫자',
  fingerprintHint:
    '믿는 사람에게서 이 숫자를 받았다면 서로 맞추어 보세요. 다르면 아무것도 보내지 마세요.',
  expires: '{day}까지 유효합니다',
  ask: '보낸 것에 대해 물어보기',
  sealed: '이미 봉인한 파일 보내기',
  quiet:
    '이 화면은 쿠키를 쓰지 않고, 브라우저에 아무것도 저장하지 않으며, 다른 곳에서 아무것도 불러오지 않습니다.',
}

export const organisation: OrganisationTexts = {
  who: '저희는 누구인가요:',
  more: '쓰신 글로 하는 일, 읽는 때, 도움을 청할 수 있는 다른 곳',
  about: '쓰신 글로 하는 일',
  reading: '언제 읽나요',
  elsewhere: '도움을 청할 수 있는 다른 곳',
  addresses: '저희 주소',
  silence: '여기에는 이름을 밝히지 않습니다. 쓰는 분과 읽는 사람을 지키기 위해서입니다.',
  missing:
    '누가 이 화면을 운영하는지 여기에 적혀 있지 않습니다. 마음에 걸리시면 쓰기 전에 믿는 사람에게 물어보세요.',
  roles: {
    analyst: '분석 담당',
    caseworker: '사례 담당',
    coordinator: '업무 조정 담당',
    doctor: '의사',
    lawyer: '변호사',
    researcher: '조사 담당',
    translator: '번역',
  },
}

export const leave: LeaveTexts = {
  link: '빨리 나가기',
  keys: '또는 Esc를 세 번 누르기',
}

export const safety: SafetyTexts = {
  lead: [
    '안전하다고 생각되는 것만 쓰세요.',
    '쓴 내용은 당신의 기기에서 봉인됩니다. 이 화면 끝에 이름이 있는 사람만 열 수 있습니다. 이 서버에서는 열 수 없습니다.',
  ],
  heading: '쓰기 전에',
  outside: {
    title: '지금 있는 곳',
    lines: ['지금 중국이나 북한 안에 있다면, 밖에 있는 사람이 쓰는 것이 더 안전할 수 있습니다.'],
  },
  device: {
    title: '쓰는 기기',
    lines: ['혼자만 쓰는 기기로 쓰세요. 직장 것이나 여럿이 함께 쓰는 것은 안 됩니다.'],
  },
  leaveOut: {
    title: '쓰지 말아야 할 것',
    lines: [
      '본인의 이름, 주소, 전화번호',
      '도와주는 사람과 장소: 브로커(중개인), 교회, 다니는 길, 숨어 지내는 집',
      '아직 숨어 있는 사람',
    ],
  },
  photos: {
    title: '사진',
    lines: ['사진에는 찍은 곳과 때가 숨어 있습니다. 얼굴, 간판, 창밖 풍경에서도 드러납니다.'],
  },
  reading: {
    title: '읽는 사람',
    lines: ['이 화면 끝에 이름이 적힌 몇 사람만 읽습니다. 저희가 돕지 못할 수도 있습니다.'],
  },
  more: '안전에 대해 더 읽기',
  moreLines: [
    '컴퓨터가 더 안전합니다. 손전화밖에 없으면 거기서 Tor 브라우저를 쓰세요.',
    'Tor가 막혀 있으면 다리(bridge)를 쓰세요. Tor 브라우저의 설정, 연결, 브리지에 있습니다.',
    '잡혀간 사람의 전화로 전화하지 마세요.',
    '우리를 위해 증거를 더 모으지 마세요.',
    '아직은 이 화면으로 답장을 드리지 못합니다. 답장이 필요하면 연락할 방법을 쓰세요. 안전할 때만 쓰세요.',
    '한번 보낸 것은 되돌릴 수 없습니다. 고치고 싶거나 쓰지 말아 달라고 하려면, 접수증 번호를 적어 다시 보내세요.',
    '접수증은 누군가 이 봉투를 보냈다는 것만 보여 줍니다.',
  ],
}

export const withoutScript: WithoutScriptTexts = {
  loading: '쓰는 칸을 불러오고 있습니다. Tor에서는 조금 걸릴 수 있습니다.',
  heading: '스크립트 없이 보내기',
  intro: [
    '스크립트가 없으면 이 화면이 내용을 대신 봉인할 수 없습니다.',
    '기기에서 나가기 전에 봉인해야 합니다. 그래서 당신의 기기에 있는 프로그램이 봉인해야 합니다.',
    '세 가지 방법이 있습니다. 하나를 골라 봉인한 다음, 그 파일을 아래에서 보내세요.',
  ],
  slow: '스크립트가 켜져 있다면 조금 더 기다리세요. 쓰는 칸이 여기에 저절로 나타납니다.',
  how: '직접 봉인하는 방법',
  offline: {
    title: '인터넷 없이 쓰는 화면으로',
    link: '인터넷 없이 쓰는 봉인 화면 저장하기',
    steps: [
      '당신의 기기에 저장하세요.',
      '할 수 있으면 인터넷을 끊으세요. 이 화면은 어디에도 연결하지 못하지만, 끊으면 우리 말을 믿지 않아도 됩니다.',
      '저장한 파일을 스크립트가 켜진 브라우저로 열고 거기에 쓰세요.',
      '이름이 `.age`로 끝나는 파일이 저장됩니다. 여기로 돌아와서 그 파일을 보내세요.',
    ],
  },
  age: {
    title: 'age 프로그램으로',
    before: [
      '`notes`이라는 폴더를 만드세요. 그 안에 `notes.txt`라는 글 파일을 쓰세요. 무슨 일이, 누구에게, 언제, 어디서 있었는지 쓰세요. 사진과 파일은 그 옆에 두세요.',
      '아래의 두 목록 가운데 하나를 그 폴더 옆에 저장하세요.',
      '거기서 명령 창(터미널)을 열고 두 줄을 치세요.',
    ],
    newer: 'age 1.3 이상',
    older: '그보다 오래된 age',
    olderNote: '첫째 것이 안 될 때만 쓰세요. 앞날의 양자 컴퓨터는 막아 내지 못합니다.',
    after: [
      '이 방법으로는 사진에 숨어 있는 장소와 시간이 그대로 남습니다. 누구에게든 해가 될 수 있으면 사진은 빼세요.',
      '그러면 봉인된 파일 `notes.age`가 생깁니다.',
      '남이 찾으면 안 된다면 `notes`과 `notes.tar`를 지우세요.',
    ],
  },
  tumen: {
    title: 'tumen 프로그램으로',
    lines: ['봉인하고 보내기까지 합니다. Tor가 켜져 있어야 합니다.'],
  },
  send: {
    heading: '봉인한 파일 보내기',
    label: '봉인한 파일 (이름이 `.age`로 끝남)',
    button: '보내기',
    lines: [
      '몇 분이 걸릴 수 있습니다. 접수증이 보일 때까지 기다리세요.',
      '연결이 끊기면 같은 파일을 다시 보내세요. 두 번 저장되지 않습니다.',
      '봉인하지 않은 파일은 받지 않으며, 하나도 저장하지 않습니다.',
    ],
  },
}

export const receipt: ReceiptTexts = {
  heading: '잘 받았습니다',
  states: {
    accepted: '도착했고 안전하게 보관되었습니다.',
    stored: '보관되어 담당자를 기다리고 있습니다.',
    collected: '담당자가 읽으려고 가져갔습니다.',
  },
  label: '접수증',
  means: [
    '이것으로 도착했는지, 보관되었는지, 담당자가 가져갔는지 물어볼 수 있습니다.',
    '누군가 이 봉투를 보냈다는 것만 보여 줍니다.',
    '이것으로는 아무것도 열 수 없고, 당신이 누구인지도 알 수 없습니다.',
  ],
  keep: [
    '다른 데는 필요하지 않습니다. 이것이 없어도 우리는 일을 계속합니다.',
    '안전할 때만 간직하세요. 누가 찾으면 여기에 무엇을 보냈다는 것을 알 수 있습니다.',
  ],
  next: '이제 할 일',
  clear: '이 화면 지우기',
  cleared: '화면을 지웠습니다.',
  newIdentity: [
    'Tor 브라우저에서 새 신원(빗자루 그림)을 누르세요. 모든 화면을 닫고 잊습니다.',
    '손전화에서는 Tor 브라우저를 완전히 끝내세요.',
  ],
}

export const receipts: ReceiptsTexts = {
  heading: '보낸 것에 대해 물어보기',
  label: '접수증 번호',
  hint: '글자와 숫자 64개입니다. 띄어쓰기와 줄 바꿈은 상관없습니다.',
  button: '물어보기',
  privacy: '접수증 번호는 화면 주소에 들어가지 않으므로 방문 기록에 남지 않습니다.',
  unknown: '모르는 접수증입니다',
  unknownLines: [
    '담당자가 가져간 지 {days}일이 지나면 접수증도 지웁니다. 그러면 모른다고 나옵니다. 나쁜 일이 아닙니다.',
    '보낸 지 {days}일이 안 되었으면 한 묶음씩 맞추어 보세요. 숫자 0부터 9와 글자 a부터 f만 있습니다.',
    '번호가 모두 맞다면 도착하지 않은 것입니다. 다시 보내세요.',
  ],
  noReceiptHeading: '여기에는 온전한 접수증이 없습니다',
  noReceipt:
    '접수증은 숫자 0부터 9와 글자 a부터 f로 된 64자입니다. 빠짐없이 붙여 넣으세요. 앞뒤에 다른 글이 있어도 됩니다. 쓰신 글이 도착했는지와는 상관이 없습니다.',
}

export const torFacts: TorFactsTexts = {
  heading: '이 화면을 더 안전하게 여는 방법이 있습니다',
  notOnion: [
    '어니언(.onion) 주소로 들어오지 않았습니다.',
    '인터넷을 지켜보는 사람은 당신이 여기 있는 것을 볼 수 있고, 이 화면을 바꿀 수도 있습니다.',
  ],
  notTorBrowser: [
    'Tor 브라우저가 아닌 것 같습니다.',
    '다른 브라우저에는 다녀간 흔적이 남을 수 있습니다.',
  ],
  local: [
    '이 화면을 내보내는 바로 그 컴퓨터에서 보고 있습니다.',
    '다른 사람들은 Tor 브라우저에서 어니언 주소로 엽니다.',
  ],
  todo: '할 수 있는 일',
  steps: [
    'torproject.org에서 Tor 브라우저를 받으세요. 막혀 있으면 `gettor@torproject.org`로 전자우편을 보내세요.',
    'Tor가 막혀 있으면 다리(bridge)를 쓰세요. Tor 브라우저의 설정, 연결, 브리지에 있습니다. 중국에서는 Snowflake가 된 적이 있습니다. 느립니다.',
    'Tor 브라우저에서 이 화면의 어니언 주소를 여세요.',
    'Tor를 가지고 있는 것이 위험하다면, 밖에 있는 사람이 쓰게 하세요.',
  ],
  yourChoice: '여기서 그대로 계속할 수도 있습니다. 무엇이 안전한지는 당신이 가장 잘 압니다.',
}

export const problems: ProblemsTexts = {
  heading: '보내지 못했습니다',
  nothingKept: '저장된 것은 없습니다.',
  texts: {
    NOT_AGE: [
      '봉인된 파일이 아닙니다',
      'age나 tumen으로 만든 파일을 보내세요. 보통 .age로 끝납니다. 원본 파일은 보내지 마세요.',
    ],
    ARMORED: ['봉인된 파일이 글자 형식입니다', '-a(--armor) 없이 다시 봉인해서 보내세요.'],
    PASSPHRASE_STANZA: [
      '암호로 봉인된 파일입니다',
      '여기서는 그 암호를 모릅니다. -p 대신 -R recipients.txt로 다시 봉인하세요.',
    ],
    SSH_STANZA: ['ssh 열쇠로 봉인된 파일입니다', '-R recipients.txt로 다시 봉인하세요.'],
    HEADER_TOO_LARGE: [
      '봉인된 파일의 머리 부분이 너무 큽니다',
      'recipients.txt에 있는 사람에게만 봉인하세요.',
    ],
    HEADER_INVALID: ['봉인된 파일의 앞부분이 손상되었습니다', '다시 봉인해서 보내세요.'],
    NO_STANZAS: ['받을 사람이 없는 파일입니다', '-R recipients.txt로 다시 봉인하세요.'],
    TOO_MANY_STANZAS: [
      '받을 사람이 너무 많은 파일입니다',
      'recipients.txt에 있는 사람에게만 봉인하세요.',
    ],
    TRUNCATED: ['봉인된 파일의 끝이 없습니다', '도중에 잘렸습니다. 다시 보내거나 다시 봉인하세요.'],
    TOO_LARGE: ['파일이 너무 큽니다', '나누어서 하나씩 봉인해 보내세요.'],
    LENGTH_MISMATCH: ['파일이 다 오지 않았습니다', '다시 보내세요.'],
    MISSING_FILE: ['파일이 없습니다', '봉인한 파일을 고르세요.'],
    TOO_MANY_FILES: ['파일이 여러 개입니다', '봉인한 파일을 한 번에 하나씩 보내세요.'],
    UNKNOWN_FIELD: ['모르는 항목이 있습니다', '봉인한 파일 하나만 보내세요.'],
    FORM_INVALID: ['보낸 양식을 읽을 수 없습니다', '처음 화면에서 다시 보내세요.'],
    FORM_LIMITS: ['보낸 양식이 너무 큽니다', '봉인한 파일 하나만 보내세요.'],
    UNSUPPORTED_TYPE: ['받을 수 없는 형식입니다', '처음 화면에서 봉인한 파일을 보내세요.'],
    BODY_TIMEOUT: ['오랫동안 아무것도 오지 않았습니다', '연결이 끊어졌습니다. 다시 보내세요.'],
    ABORTED: ['보내기가 중단되었습니다', '다시 보내세요.'],
    UPLOAD_HEADERS: ['이렇게는 보내기를 시작할 수 없습니다', '처음 화면에서 다시 보내세요.'],
    OFFSET_CONFLICT: ['이어서 보낼 자리가 맞지 않습니다', '처음 화면에서 다시 보내세요.'],
    TUS_VERSION: ['여기서 쓰지 않는 보내기 방식입니다', '처음 화면에서 다시 보내세요.'],
    TOO_MANY_UPLOADS: ['지금은 보내는 사람이 너무 많습니다', '1분쯤 뒤에 다시 보내세요.'],
    NO_SPACE: ['지금은 자리가 없습니다', '나중에 다시 보내세요.'],
    DRAINING: [
      '잠시 닫혀 있습니다',
      '지금은 새로 보낼 수 없습니다. 접수증을 받은 것은 안전합니다. 조금 뒤에 다시 오세요.',
    ],
    TOO_MANY_REQUESTS: [
      '지금은 요청이 너무 많습니다',
      '1분쯤 뒤에 다시 해 보세요. 접수 번호를 받은 것은 안전합니다.',
    ],
    TOO_MANY_UNFINISHED: [
      '시작했지만 끝나지 않은 전송이 너무 많습니다',
      '1분쯤 뒤에 다시 보내세요.',
    ],
    PROOF_OF_WORK_NEEDED: [
      '지금 보내는 사람이 많습니다',
      '프로그람으로 보낼 때: challenge를 풀어 답을 Tumen-Proof-Of-Work에 넣어 보내거나, 그 머리글 없이 보내고 더 기다리세요.',
    ],
    STORE_DOWN: [
      '지금은 보내신 내용을 보관할 수 없습니다',
      '접수증이 없는 내용은 남지 않았습니다. 몇 분 뒤에 다시 보내세요. 접수증이 있는 내용은 안전합니다.',
    ],
    BEING_STORED: [
      '도착했고 지금 저장하는 중입니다',
      '1분 뒤에 다시 확인하세요. 안전하게 저장되는 대로 접수증을 받습니다.',
    ],
    CLOSED: ['지금은 닫혀 있습니다', '지금은 보낼 수 없습니다. 다른 날 다시 오세요.'],
    NOT_FOUND: ['여기에는 아무것도 없습니다', '주소나 접수증을 다시 확인하세요.'],
    METHOD_NOT_ALLOWED: ['여기서는 할 수 없습니다', '처음 화면으로 돌아가세요.'],
    RANGE_NOT_SATISFIABLE: ['파일에 그런 부분이 없습니다', '파일 전체를 다시 받으세요.'],
    INTERNAL: [
      '우리 쪽에 문제가 생겼습니다',
      '나중에 다시 보내세요. 접수증을 받은 것은 안전합니다.',
    ],
  },
}

export const form: FormTexts = {
  choose: '원하면 고르세요',
  remove: '빼기',
  undo: '되돌리기',
  removed: '뺐습니다: {what}',
  year: '년',
  month: '월',
  day: '일',
  ask: {
    narrative: '무슨 일이 있었나요?',
    who: '누가 잡혀갔나요? (이름, 나이)',
    name: '이름',
    age: '나이',
    person: '{n}번째 사람',
    when: '언제인가요? 대략 써도 됩니다',
    whenDate: '어느 것에 가장 가깝나요?',
    where: '어디에서 잡혔나요?',
    urgent: '아직 갇혀 있거나, 곧 돌려보내질 것 같나요?',
    files: '사진이나 파일 추가 (선택)',
  },
  hint: {
    narrative:
      '안전하다고 생각되는 것만 쓰세요. 어느 나라 말이든, 어떤 순서든 좋습니다. 한 문장이면 됩니다.',
    who: '아직 숨어 있는 사람은 쓰지 마세요.',
    when: '보기: “지난 화요일 새벽”',
    where: '도시 이름이나 눈에 띄는 건물이면 됩니다. 숨는 집이나 길은 쓰지 마세요.',
    files: '이미 가지고 있는 것만 보내세요. 얼굴, 간판, 창문에서도 곳과 때가 드러납니다.',
  },
  add: {
    person: '다른 사람 추가',
    file: '사진이나 파일 고르기',
  },
  more: {
    open: '쓸 수 있으면 더',
    intro: '아래는 꼭 쓰지 않아도 됩니다. 원하는 것만, 순서 없이 쓰세요.',
    persons: '잡혀간 사람에 대해',
    event: '어떻게 된 일인지',
    steps: '이미 해 본 일',
    source: '당신에 대해',
    consent: '누구에게 알려도 되나요?',
    loading: '이 부분은 아직 불러오는 중입니다.',
    failed:
      '아직 다 불러오지 못했습니다. Tor가 느리거나 끊긴 것 같습니다. 쓰신 글은 그대로 있습니다. 다시 해 보세요.',
  },
  dates: {
    today: '오늘',
    yesterday: '어제',
    day: '아는 날짜 (해나 달만 알아도 됨)',
    about_day: '어느 날쯤 (정확하지 않음)',
    about_month: '어느 달쯤',
    between: '두 날짜 사이',
    since: '어느 날부터 지금까지',
    unknown: '모릅니다',
  },
  dateFrom: '언제부터',
  dateTo: '언제까지',
  urgent: { yes: '예', no: '아니요', unsure: '잘 모르겠습니다' },
  files: {
    choice: '이 사진에 숨어 있는 곳과 때',
    remove: '지우기 (더 안전함)',
    keep: '남기기 (더 확실한 증거)',
    preparing: '준비하고 있습니다…',
    unreadable: '이 파일을 읽을 수 없습니다. 빼거나 다시 고르세요.',
    empty:
      '비어 있는 파일입니다. 클라우드에 있는 파일이면 먼저 이 기기에 저장하세요. 빼거나 다시 고르세요.',
    sendWithout: '빼고 보내기',
    outcomes: {
      removed: '준비되었습니다. 숨어 있던 곳과 때를 지웠습니다.',
      kept: '준비되었습니다. 숨어 있는 곳과 때가 그대로 남아 있습니다.',
      none_found: '준비되었습니다. 숨어 있는 곳과 때를 찾지 못했습니다.',
      cannot_be_removed: '준비되었습니다.',
    },
    kinds: {
      video: '동영상에는 찍은 곳과 때가 숨어 있을 수 있습니다. 여기서는 지울 수 없습니다.',
      document:
        '문서에는 보이지 않는 이름, 곳, 때가 들어 있을 수 있습니다. 여기서는 지울 수 없습니다.',
      other: '이런 파일에서는 숨어 있는 곳과 때를 찾아볼 수 없습니다.',
    },
    tooMany: '파일이 너무 많습니다. 한 번에 {n}개까지 됩니다. 나머지는 따로 보내세요.',
  },
  problems: {
    heading: '보내기 전에',
    narrative: '무슨 일이 있었는지 써 주세요. 몇 마디면 됩니다.',
    too_long: '너무 길어서 넣지 않았습니다. {n}자까지 됩니다. 긴 글은 파일에 담아 주세요.',
    draft_too_long:
      '글이 모두 합쳐 너무 길어서 마지막 것을 넣지 않았습니다. 긴 글은 파일에 담아 주세요.',
  },
  send: {
    button: '보내기',
    sealedTo: '이 기기에서 봉인됩니다. 이 사람들만 열 수 있습니다: {names}.',
    fingerprint: '열쇠가 맞는지 확인하는 숫자',
    loading: '읽을 사람들의 열쇠를 받아 오고 있습니다…',
    again: '다시 해 보기',
    demo: '연습용(DEMO)입니다. 실제 내용을 보내지 마세요.',
    consent:
      '허락하지 않으시면 다른 누구에게도 알리지 않습니다. 물어볼 수 없으면 아무에게도 알리지 않습니다.',
  },
  failures: {
    KEYRING_UNREACHABLE:
      '열쇠를 받지 못했습니다. Tor가 느리거나 끊긴 것 같습니다. 쓰신 글은 그대로 있습니다. 다시 해 보세요.',
    KEYRING_UNTRUSTED:
      '열쇠가 맞지 않아 봉인할 수 없습니다. 지금은 아무것도 보내지 마세요. Tor 브라우저에서 새 신원으로 바꾼 다음 나중에 다시 오세요.',
    KEYRING_EXPIRED:
      '열쇠의 기한이 지났거나 이 기기의 날짜가 틀립니다. 날짜를 보시거나 내일 다시 오세요.',
    BROKEN:
      '이 기기에서 무언가 잘못되었습니다. 쓰신 글은 그대로 있습니다. 다시 보내세요. 파일이 많으면 줄여 보세요.',
  },
  languageFailed: '다른 말을 불러오지 못했습니다. 쓰신 글은 그대로 있습니다. 다시 해 보세요.',
  broken: '이 화면에 문제가 생겼습니다. 이미 보낸 것은 그대로 안전합니다. 화면을 새로 열어 주세요.',
}

/** Of the form: what is not on the screen at first. */
export const later: DeferredTexts = {
  country: '나라',
  ask: {
    otherName: '다른 이름이나 다른 글자로 쓴 이름',
    nameKind: '어떤 이름인가요?',
    ageUnit: '나이 단위',
    reckoning: '나이를 어떻게 셌나요?',
    sex: '성별',
    birth: '언제 태어났나요?',
    nationality: '국적',
    originPlace: '고향이 어디인가요?',
    ethnicity: '민족',
    riskFlags: '해당하는 것이 있나요?',
    medical: '앓는 병이나 꼭 필요한 약',
    status: '지금 어떤 상태인가요?',
    count: '모두 몇 사람이 잡혀갔나요?',
    atLeast: '적어도',
    atMost: '많아야',
    topic: '어떤 일인가요?',
    authority: '누가 잡아갔나요?',
    authorityText: '아는 대로 쓰세요: 옷차림, 기관이나 부대 이름',
    howTaken: '어떻게 잡혔나요?',
    held: '지금 어디에 갇혀 있나요?',
    transfers: '다른 곳으로 옮겨졌나요?',
    transferWhen: '언제 옮겨졌나요?',
    transferFrom: '어디에서?',
    transferTo: '어디로?',
    returnRisk: '강제로 돌려보내질 수 있나요?',
    returnCountry: '어느 나라로?',
    returnWhen: '언제쯤일 것 같나요?',
    returnBasis: '왜 그렇게 생각하나요?',
    lastContact: '마지막으로 소식이 온 때는 언제인가요?',
    companions: '함께 있던 사람은 몇 명인가요?',
    guides: '잡혀간 사람 가운데 길 안내자는 몇 명인가요?',
    warrant: '체포 문서를 보여 주었나요?',
    reasons: '무슨 까닭이라고 했나요?',
    acknowledged: '당국은 뭐라고 하나요?',
    steps: '이미 해 본 일이 있나요?',
    stepWhen: '그때가 언제인가요?',
    stepResult: '어떻게 되었나요?',
    public: '이미 세상에 알려진 일인가요?',
    relation: '그 사람과 어떤 사이인가요?',
    basis: '이 일을 어떻게 알게 되었나요?',
    inside: '지금 중국이나 북한 안에 있나요?',
    contact: '우리가 연락해도 되나요?',
    contactText: '어떻게 연락할까요?',
    safeTimes: '언제가 안전한가요?',
    consent: '누구에게 알려도 되나요?',
    givenBy: '누가 이것을 허락하나요? (본인, 아내, 아버지 …)',
    familyAgrees: '가족도 같은 뜻인가요?',
    wish: '잡혀간 사람은 무엇을 바랄까요?',
  },
  hint: {
    otherName: '한자나 로마자로 쓴 이름, 사람들이 부르는 이름.',
    reckoning: '우리 식으로 세는 나이는 한두 살 많습니다.',
    riskFlags: '아는 것만 고르세요.',
    guides: '숫자만 쓰세요. 이름은 쓰지 마세요.',
    contactText: '소식을 보내는 것만으로 누가 위험해질 수 있다면 비워 두세요.',
    consent:
      '한 곳씩 따로 정할 수 있습니다. 바꾸지 않으면 “먼저 저에게 물어봐 주세요”로 남고, 물어볼 수 없으면 아무에게도 알리지 않습니다. 유엔은 이 일을 이름과 함께, 그 사람을 가둔 나라 정부에 보냅니다. 관련된 다른 나라 정부에도 사본을 보낼 수 있습니다. 북한 사람의 일이면 북한 정부에도 갈 수 있습니다. 누가 꼭 도와준다고 약속할 수는 없습니다.',
    source: '당신의 이름, 주소, 전화번호는 쓰지 마세요. 여기 쓴 것은 다른 곳에 넘기지 않습니다.',
  },
  add: {
    name: '다른 이름 추가',
    transfer: '옮겨진 일 추가',
  },
  yesNo: { yes: '예', no: '아니요', unknown: '모릅니다' },
  inside: { yes: '예', no: '아니요', prefer_not: '말하고 싶지 않습니다' },
  topics: {
    detention: '누가 잡혀갔거나 갇혀 있습니다',
    disappearance: '누가 사라졌습니다',
    return_feared: '누가 강제로 돌려보내질 것 같습니다',
    returned: '누가 돌려보내졌습니다',
    released: '누가 풀려났습니다',
    update: '이미 알린 사람의 새 소식입니다',
  },
  nameKinds: { legal: '문서에 있는 이름', alias: '쓰고 다니는 이름', nickname: '별명' },
  sexes: { female: '여자', male: '남자', other: '그 밖', unknown: '모릅니다' },
  ageUnits: { years: '살', months: '개월' },
  reckonings: {
    international: '만 나이 (태어날 때 0살)',
    counting: '우리 식 나이 (태어날 때 1살)',
    unknown: '모릅니다',
  },
  risks: {
    pregnant: '임신했습니다',
    medical: '아프거나 약이 필요합니다',
    disability: '장애가 있습니다',
    elderly: '나이가 많습니다',
    child_alone: '보호자 없는 아이입니다',
    previously_returned: '전에 돌려보내진 적이 있습니다',
    contact_south_korea: '한국과 연락한 적이 있습니다',
    official_family: '간부 집안 사람입니다',
  },
  statuses: {
    held: '갇혀 있습니다',
    moved: '다른 곳으로 옮겨졌습니다',
    returned: '돌려보내졌습니다',
    released: '풀려났습니다',
    dead: '세상을 떠났습니다',
    missing: '행방을 모릅니다',
    unknown: '모릅니다',
  },
  ways: {
    checkpoint: '길에서 단속할 때',
    raid: '집이나 숨은 곳에서',
    vehicle: '차, 버스, 기차 안에서',
    border: '국경에서',
    handover_third_country: '다른 나라가 넘겨주었습니다',
    unknown: '모릅니다',
  },
  authorities: {
    cn_public_security: '중국 공안',
    cn_border_or_immigration: '중국 변방대나 출입국 관리',
    cn_state_security: '중국 국가안전부',
    cn_military: '중국 군대',
    kp_state_security: '북한 보위부 (국가보위성)',
    kp_police: '북한 안전부 (보안서)',
    third_country_police: '다른 나라 경찰',
    other: '그 밖의 사람',
    unknown: '모릅니다',
  },
  acknowledgements: {
    located: '어디 있는지 말해 줍니다',
    not_located: '모른다고 합니다',
    denied: '그런 일이 없다고 합니다',
    unknown: '모릅니다',
  },
  steps: {
    embassy: '대사관에 부탁했습니다',
    unhcr: '유엔난민기구(UNHCR)',
    un: '유엔에 편지를 보냈습니다',
    lawyer: '변호사에게 물었습니다',
    police: '경찰에 물었습니다',
    media: '언론에 알렸습니다',
    ngo: '단체에 부탁했습니다',
    none_unsafe: '안전하지 않아 아무것도 못 했습니다',
  },
  relations: {
    self: '제가 그 사람입니다',
    spouse: '남편이나 아내',
    parent: '저는 어머니나 아버지입니다',
    child: '저는 아들이나 딸입니다',
    sibling: '형제자매',
    relative: '다른 친척',
    friend: '친구',
    helper: '도와준 사람',
    witness: '본 사람',
    ngo: '단체에서 일합니다',
    lawyer: '변호사',
    other: '그 밖',
    prefer_not: '말하고 싶지 않습니다',
  },
  bases: {
    saw: '제가 직접 보았습니다',
    told_by_detainee: '그 사람이 말해 주었습니다',
    told_by_other: '다른 사람이 말해 주었습니다',
    document: '문서나 사진에서 보았습니다',
    rumour: '사람들이 그렇게 말합니다',
  },
  contactWays: {
    return_here: '제가 이 화면을 다시 보겠습니다 (아직 여기서 답장할 수는 없습니다)',
    other: '다른 방법으로',
    never: '아니요, 연락하지 마세요',
  },
  recipients: {
    un: '유엔 전문가',
    unhcr: '유엔 난민 기구 (UNHCR)',
    icrc: '국제적십자위원회(ICRC)',
    embassy: '다른 나라 대사관',
    ngo: '인권 단체',
    media: '신문과 방송',
  },
  levels: {
    no: '아니요, 알리지 마세요',
    ask_first: '먼저 저에게 물어봐 주세요',
    facts_only: '이름 없이 있었던 일만',
    named: '이름까지',
    named_photo: '이름과 사진까지',
  },
  sending: {
    heading: '보내는 중',
    phases: {
      preparing: '파일을 준비하고 있습니다…',
      sending: '봉인해서 보내고 있습니다…',
      waiting: '연결이 끊겼습니다. 저절로 이어집니다. 이 화면을 열어 두세요.',
      proving:
        '지금 보내는 사람이 많습니다. 그래서 이 기기가 먼저 작은 계산을 하나 합니다. 길어도 20초쯤 걸립니다. 이 화면을 열어 두세요.',
      paused: '멈추었습니다. 잃은 것은 없습니다.',
      finishing: '다 보냈습니다. 안전하게 보관될 때까지 기다리고 있습니다…',
    },
    bar: '지금까지 보낸 양',
    amount: '{total} 가운데 {done}',
    rate: '1초에 {rate}',
    minutesLeft: '약 {n}분 남음',
    secondsLeft: '1분 안에 끝납니다',
    hoursLeft: '약 {n}시간 남음',
    interruptions: '지금까지 연결이 {n}번 끊겼습니다. 잃은 것은 없습니다.',
    told: '저절로 다시 해 봅니다. 그만두고 쓰신 글을 그대로 둘 수도 있습니다.',
    keepOpen: '이 화면을 열어 두세요. 다 도착할 때까지 쓰신 글은 여기 남아 있습니다.',
    pause: '잠깐 멈추기',
    resume: '이어서 보내기',
    cancel: '그만 보내기',
    askCancel: '그만 보낼까요? 쓰신 글은 여기 남습니다.',
    cancelYes: '예, 그만 보냅니다',
    cancelNo: '아니요, 계속 보냅니다',
  },
  failures: {
    NO_SPACE:
      '지금은 자리가 없습니다. 저장된 것은 없습니다. 쓰신 분 잘못이 아닙니다. 쓰신 글은 이 화면에 그대로 있습니다. 내일 다시 와 주세요.',
    NOT_LOADED:
      '이 화면이 오래되었거나 일부가 오지 않았습니다. 보내기 전에 새로 열어 주세요. 새로 열면 쓰신 글이 지워집니다. 안전하다면 먼저 따로 옮겨 두세요.',
    FILE_EMPTY: '비어 있는 파일이 있습니다. 빼거나 다시 고른 다음 보내세요.',
    FILE_UNREADABLE: '파일 하나를 더는 읽을 수 없습니다. 빼거나 다시 고른 다음 보내세요.',
    TOO_LARGE: '한 번에 보내기에는 너무 큽니다. 파일을 몇 개 빼고 나머지는 따로 보내세요.',
    TIP_INVALID:
      '쓰신 것 가운데 맞지 않는 것이 있습니다. 우리 잘못입니다. “쓸 수 있으면 더”의 답을 줄이고 다시 보내세요.',
    REFUSED:
      '받지 못했습니다. 남은 것은 없습니다. 안전하다면 글을 따로 옮겨 두고, 나중에 이 화면을 새로 열어 주세요.',
    RECEIPT_MISMATCH: '돌아온 답이 보낸 것과 달라서 도착했다고 말할 수 없습니다. 다시 보내세요.',
    CANCELLED: '그만두었습니다. 우리에게 남은 것은 없습니다. 쓰신 글은 그대로 있습니다.',
  },
  failureHeading: '보내지 못했습니다',
  receipt: {
    ask: '어떻게 되었는지 물어보기',
    asking: '물어보고 있습니다…',
    unreachable: '지금은 답이 없습니다. 우리가 받은 것은 안전합니다. 다시 물어볼 수 있습니다.',
  },
}

export const words: WordsTexts = {
  happensHeading: '이제 이렇게 됩니다',
  happens: [
    '담당자가 보내신 것을 인터넷이 없는 컴퓨터로 옮겨 거기서 읽습니다. 며칠이 걸립니다.',
    '어떻게 되었는지 언제든 여기서 물어볼 수 있습니다. 여쭐 것이 있으면 여기에 남겨 두겠습니다.',
  ],
  heading: '열두 낱말',
  main: '다시 와서 답장을 읽고 더 쓰려면 이 열두 낱말을 적어 두세요. 이것을 가진 사람은 누구나 똑같이 할 수 있습니다.',
  once: '지금 한 번만 보입니다. 저희에게는 없어서 다시 알려 드릴 수 없습니다.',
  safe: '안전할 때만 간직하세요. 종이에 다른 글과 섞어 적거나 외우세요. 사진으로 찍지 마세요.',
  english: '영어 낱말입니다.',
  without: '적지 않으셔도 됩니다. 여기서 답장을 드리지 못할 뿐, 저희는 일을 계속합니다.',
  written: '적었습니다',
  skip: '적지 않고 계속하기',
  checkHeading: '적은 것을 확인해 보세요',
  checkAsk: '적어 두신 {n}번째 낱말을 고르세요.',
  checkWrong: '{n}번째 낱말이 아닙니다. 적어 두신 것을 다시 보아 주세요.',
  showAgain: '낱말 다시 보기',
  checked: '맞습니다. 이제 낱말은 보이지 않습니다.',
  skipped: '낱말 없이 계속합니다. 여기서 답장을 드리지 못할 뿐, 저희는 일을 계속합니다.',
  same: '열두 낱말은 그대로입니다.',
  renewed: '이제부터는 이 새 낱말만 쓸 수 있습니다. 전에 적은 것은 없애도 됩니다.',
  impossible:
    '아직 여기서 답장을 드릴 수 없습니다. 답장을 바라시면, 안전할 때만 연락할 방법을 적어 다시 보내 주세요.',
  more: '더 쓰기',
  copyReceipt: '접수증 복사하기',
  copied: '접수증을 복사했습니다.',
}

export const answers: AnswersTexts = {
  link: '전에 보낸 적이 있습니다',
  heading: '답장 읽기',
  label: '열두 낱말',
  hint: '적어 두신 순서대로 고르세요.',
  otherLanguage: '낱말이 다른 언어이면 맨 위에서 그 언어를 고르세요.',
  privacy:
    '낱말은 이 기기 밖으로 나가지 않습니다. 이 화면을 보내는 컴퓨터는 누구에게나 똑같은 것을 보내며, 누구의 답장을 찾는지 알 수 없습니다.',
  tap: {
    word: '{n}번째 낱말',
    letter: '어떤 글자로 시작하나요?',
    start: '첫 글자는 무엇인가요?',
    which: '어느 낱말인가요?',
    back: '뒤로',
    removeLast: '마지막 낱말 빼기',
    entered: '고른 낱말: 12개 가운데 {n}개',
  },
  typing: {
    open: '낱말을 써 넣기',
    risk: '자판은 쓴 것을 기억하거나 만든 회사에 보낼 수 있습니다. 눌러서 고르는 쪽이 안전합니다.',
    label: '열두 낱말을 차례로, 사이를 띄어 쓰세요',
  },
  look: '찾아보기',
  busy: '이 기기에서 답장을 찾고 있습니다…',
  arriving: '답장이 아직 오고 있습니다: {total} 가운데 {done}',
  problems: {
    count: '낱말 열두 개가 필요합니다. 지금은 {n}개입니다.',
    unknown: '{n}번째 낱말이 목록에 없습니다. 다시 보아 주세요.',
    unknownSomewhere: '목록에 없는 낱말이 있습니다. 하나하나 다시 보아 주세요.',
    checksum: '낱말 하나가 틀렸거나 순서가 바뀌었습니다.',
  },
  nothingFound:
    '담당자가 지난 {n}일 동안 가져온 것 가운데 이 낱말로 된 것은 없습니다. 낱말을 하나하나 다시 보아 주세요.',
  nothingNew: '아직 새 소식이 없습니다.',
  life: '담당자가 마지막으로 답장을 가져온 날: {day}',
  opened: '담당자가 쓰신 글을 열어 본 날: {day}',
  answerOf: '드린 답장: {day}',
  partMissing: '이 답장의 한 부분이 아직 오지 않았습니다.',
  unreadable: '읽을 수 없는 답장이 있습니다. 저희가 알아차리고 다시 보내겠습니다.',
  warning:
    '저희는 당신이 누구인지, 어디 있는지 절대 묻지 않습니다. 만나자고, 돈을 내라고, 무엇을 설치하라고, 다른 곳에 쓰라고 하지도 않습니다. 답장이 그렇게 한다면 저희가 쓴 것이 아닙니다.',
  asks: '여쭙고 싶은 것이 있습니다.',
  ask: {
    un: '유엔에 이름까지 알려도 될까요?',
    unhcr: '유엔난민기구(UNHCR)에 이름까지 알려도 될까요?',
    icrc: '국제적십자위원회(ICRC)에 이름까지 알려도 될까요?',
    embassy: '다른 나라 대사관에 이름까지 알려도 될까요?',
    ngo: '인권 단체에 이름까지 알려도 될까요?',
    media: '신문과 방송에 이름까지 알려도 될까요?',
  },
  unMeans:
    '유엔은 이 일을 이름과 함께, 그 사람을 가둔 나라 정부에 보냅니다. 관련된 다른 나라 정부에도 사본을 보낼 수 있습니다. 북한 사람의 일이면 북한 정부에도 갈 수 있습니다.',
  consent: { yes: '예', no: '아니요', not_yet: '아직은 아닙니다' },
  reply: '답하기',
  writeMore: '더 쓰기',
  renew: '새 낱말 받기',
  close: '여기서 그만 이야기하기',
  closeMeans: '그다음부터는 이 낱말로 답장을 드리지 않습니다. 저희는 일을 계속합니다.',
  otherWords: '다른 낱말 넣기',
  kept: '답장은 두 달쯤 여기에 있습니다.',
  noIndex:
    '지금은 답장을 보여 드릴 수 없습니다. 담당자에게서 와야 할 것이 없거나 너무 오래되었습니다. 없어진 것은 없습니다. 다른 날 다시 와 주세요.',
  replayed:
    '담당자가 이미 바꾼 옛 열쇠가 보입니다. 이 화면을 보내는 컴퓨터에 문제가 있습니다. 아무것도 보내지 말고 다른 날 다시 와 주세요.',
  failed: '답장을 받지 못했습니다. Tor가 느린 것 같습니다. 없어진 것은 없습니다. 다시 해 보세요.',
  again: '다시 해 보기',
  file: '답장이 든 파일 (`newest.tar`)',
  followUp: {
    heading: '더 쓰기',
    intro: '전과 같은 사람들에게 갑니다. 그 사람들은 전에 쓰신 것과 이어진다는 것을 압니다.',
    consented: '여쭌 것에 대한 답이 함께 갑니다.',
    renewing: '보내시면 새 낱말을 드립니다. 그다음에는 전에 적은 것을 없애도 됩니다.',
    closing: '보내시면 여기서 나누는 이야기가 끝납니다.',
    narrative: '더하실 말씀이 있나요? 비워 두어도 됩니다.',
    onlyAnswers: '물음에 대한 답만 보냅니다.',
  },
  safest: {
    heading: '스크립트 없이',
    lines: [
      '스크립트가 없으면 이 화면은 답장을 열 수 없습니다. 기기에 저장한 화면은 열 수 있습니다.',
      '답장이 든 파일을 저장하세요. 누구에게나 똑같은 파일입니다.',
      '인터넷 없이 되는 화면을 저장하고, 스크립트가 켜진 브라우저로 여세요. 할 수 있으면 인터넷을 끊으세요.',
      '거기서 “{link}”를 고르고, 파일을 고른 다음 열두 낱말을 넣으세요.',
    ],
    fetch: '답장이 든 파일 저장하기',
    offline: '화면 저장하기',
    command: '프로그램 tumen으로 하려면 (Tor가 켜져 있어야 합니다):',
  },
}
export const offline: OfflineTexts = {
  lead: [
    '이 화면은 인터넷 없이 됩니다. 할 수 있으면 지금 인터넷을 끊으세요.',
    '여기에 쓰고, 봉인한 파일을 저장하세요. 이 화면 끝에 이름이 있는 사람만 열 수 있습니다.',
    '그다음 Tor 브라우저로 우리 주소에 가서 그 파일을 보내세요.',
  ],
  quiet:
    '이 화면은 저장하신 파일 말고는 아무것도 쓰지 않고, 어디에도 연결하지 못합니다. 다만 브라우저에 열어 본 기록이 남을 수 있습니다.',
  button: '봉인해서 저장하기',
  loading: '읽을 사람들의 열쇠를 확인하고 있습니다…',
  sealing: '봉인하기',
  phases: {
    preparing: '파일을 준비하고 있습니다…',
    sending: '봉인하고 있습니다…',
    finishing: '파일을 저장하고 있습니다…',
  },
  bar: '지금까지 봉인한 것',
  keepOpen: '파일이 저장될 때까지 이 화면을 열어 두세요.',
  cancel: '봉인 그만하기',
  askCancel: '그만할까요? 쓰신 글은 그대로 있습니다.',
  tooLarge: '한 번에 봉인하기에는 너무 큽니다. 파일을 몇 개 빼서 따로 한 번 더 봉인하세요.',
  saved: {
    heading: '봉인했습니다',
    lines: [
      '`notes.age` 파일이 기기에 저장되었습니다. 아래에 이름이 있는 사람 말고는 아무도, 당신도 열 수 없습니다.',
      'Tor 브라우저로 우리 주소를 열고 “{sealed}”를 골라 보내세요.',
      '접수증을 받으면 `notes.age`와 이 화면의 파일을 지우고 휴지통도 비우세요.',
    ],
    again: '파일 다시 저장하기',
    label: '접수증은 이렇게 됩니다',
  },
}

export const frontPage: FrontPageTexts = {
  lead: [
    '이 화면에서는 쓸 수 없습니다. 이 화면은 길만 알려 줍니다.',
    '아래 주소를 Tor 브라우저에서 여세요. 쓰는 곳은 거기에 있습니다.',
  ],
  seen: {
    heading: '여기 들어온 것으로 드러나는 것',
    lines: [
      '당신의 통신선을 지켜보는 사람은 이 화면의 이름을 언제 불렀는지 볼 수 있습니다. 통신 회사, 국가, 와이파이 주인이 그렇습니다.',
      '이 화면을 보내는 컴퓨터는 당신 통신선의 주소를 봅니다. 적어 두지는 않습니다.',
      '당신의 브라우저에 다녀간 흔적이 남을 수 있습니다.',
      '나중에 Tor 브라우저에서 하는 일은 그들이 볼 수 없습니다. Tor를 쓴다는 것은 볼 수 있습니다.',
      '그것이 위험하다면 이 화면을 닫고, 밖에 있는 사람이 쓰게 하세요.',
    ],
  },
  get: {
    heading: '1. Tor 브라우저 받기',
    lines: [
      '컴퓨터와 안드로이드는 `torproject.org`에 있습니다. 아이폰은 Onion Browser를 쓰세요.',
      '막혀 있으면 `tor.eff.org`나 `lacebolla.net`를 열어 보세요.',
      '또는 `gettor@torproject.org`로 `windows`, `macos`, `linux`, `android` 가운데 하나만 적어 전자우편을 보내세요. 어디서 받을 수 있는지 답이 옵니다.',
      '믿는 사람에게서 파일을 받아도 됩니다.',
    ],
  },
  blocked: {
    heading: '2. Tor가 막혀 있으면 다리(bridge)를 쓰세요',
    lines: [
      'Tor 브라우저가 스스로 길을 찾게 해 보세요(연결 도우미). 안 되면 컴퓨터는 설정, 연결, 브리지, 손전화는 설정, 연결, 브리지 설정에서 Snowflake를 고르세요. 느립니다.',
      '중국에서 그래도 안 되면, 이름이 드러나지 않는 전자우편으로 `frontdesk@torproject.org`에 제목 `private bridge cn`을 적어 보내세요.',
    ],
  },
  open: {
    heading: '3. Tor 브라우저에서 이 주소를 여세요',
    lines: [
      '주소를 복사하거나, Tor 브라우저가 있는 손전화로 그림을 읽으세요.',
      'Tor 브라우저에서만 열립니다. 1분쯤 걸릴 수 있습니다.',
    ],
  },
  address: '어니언 주소',
  qr: '사진기로 읽는 어니언 주소 그림',
  compare:
    '믿는 사람이 준 주소가 있으면 글자를 하나하나 견주어 보세요. 다르면 그 사람이 준 것을 쓰세요.',
  after: {
    heading: '그다음에',
    lines: [
      '브라우저의 방문 기록에서 이 화면을 지우세요.',
      '이 일을 보통 전자우편이나 대화 프로그램에 쓰지 마세요.',
    ],
  },
  quiet:
    '이 화면은 아무것도 받지 않습니다. 쓰는 칸도 스크립트도 쿠키도 없고, 다른 곳에서 아무것도 불러오지 않습니다.',
}
