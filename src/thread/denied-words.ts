/**
 * Words that are never shown as one of the twelve: they name a state, the police, an army, a
 * religion, flight or secrecy, and a slip of paper with them could harm the person who carries it.
 * `denied-indexes.ts` holds their positions, so that the page can draw words without any list; a
 * test compares the two.
 */
export const deniedWords = {
  en: `agent alien army arrest assault attack betray bless bomb border bullet citizen congress
    crime defy deny enemy escape evidence exile faith federal flee flight goddess gospel govern
    guard guilt gun hidden illegal inform inmate innocent judge law lawsuit legal liberty nation
    nuclear patrol penalty pistol police prison rebel report rescue reunion reveal rifle riot ritual
    secret security sheriff soldier spirit spy suspect trial visa warfare warrior weapon witness`,
  ko: `간부 검사 경찰 공군 구속 국적 국회 군대 군사 군인 귀국 기독교 김포공항 대통령 대한민국 도망
    독립 마약 명단 목사 몰래 미국 미사일 민족 민주 범인 범죄 법원 변호사 보안 북한 불교 불법 비밀
    사상 살인 서울 성당 스님 신고 여군 여권 외국 육군 이념 이민 일본 잠수함 재판 전쟁 정보 정부
    정치 조선 종교 죄인 중국 처벌 천국 쿠데타 통일 파출소 판결 판사 평양 하느님 해군 형사`,
  zh: `朝 韩 鲜 军 兵 枪 弹 炮 战 敌 警 狱 罪 犯 刑 捕 抓 监 审 判 侦 案 律 罚 逮 禁 逃 亡 叛 渡 境 藏
    疆 密 秘 隐 神 佛 教 圣 寺 庙 宗 党 革 杀 毒 奴 台 俄 核 诬`,
} as const
