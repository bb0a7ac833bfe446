import type { ReportWords } from './words.ts'

/** Not yet read by a native speaker; names of bodies as OHCHR writes them. */
export const spanish: ReportWords = {
  language: 'es',
  codes: {
    yesNo: { yes: 'Sí', no: 'No', unknown: 'No se sabe' },
    sex: { female: 'Femenino', male: 'Masculino', other: 'Otro', unknown: 'No se sabe' },
    status: { held: 'detenida', moved: 'detenida y trasladada', returned: 'devuelta por la fuerza', released: 'puesta en libertad', dead: 'dada por muerta', missing: 'desaparecida', unknown: 'no se sabe' },
    authority: {
      cn_public_security: 'Órganos de seguridad pública, China', cn_border_or_immigration: 'Autoridades de fronteras o de inmigración, China', cn_state_security: 'Órganos de seguridad del Estado, China',
      cn_military: 'Ejército, China', kp_state_security: 'Seguridad del Estado, República Popular Democrática de Corea', kp_police: 'Policía, República Popular Democrática de Corea',
      third_country_police: 'Policía de un tercer país', other: 'Otra', unknown: 'No se sabe',
    },
    wayTaken: { checkpoint: 'En un puesto de control', raid: 'En una redada', vehicle: 'En un vehículo', border: 'En una frontera', handover_third_country: 'Entregada por un tercer país', unknown: 'No se sabe' },
    acknowledged: { located: 'Sí, y se conoce el lugar', not_located: 'Sí, pero no el lugar', denied: 'No: la niegan', unknown: 'No se sabe' },
    step: {
      embassy: 'Se acudió a una embajada', unhcr: 'Se acudió al ACNUR', un: 'Se acudió a otro órgano de las Naciones Unidas', lawyer: 'Se contrató a un abogado', police: 'Se preguntó a la policía o a otra autoridad',
      media: 'Se informó a los medios', ngo: 'Se acudió a una organización no gubernamental', none_unsafe: 'Ninguna: preguntar habría puesto en peligro a la familia o a la persona',
    },
    risk: { pregnant: 'embarazada', medical: 'necesita atención médica', disability: 'tiene una discapacidad', elderly: 'persona mayor', child_alone: 'niño o niña sin familia' },
  },
  dates: {
    unknown: 'No se sabe', about: (date) => `${date}, aproximadamente`, perhaps: (date) => `quizá ${date}`, between: (from, to) => `entre ${from} y ${to}`,
    since: (date) => `${date} o después`, until: (date) => `${date} o antes`,
  },
  age: (years) => `${years} años`,
  range: (from, to) => `${from} a ${to}`,
  transfer: (from, to) => `de ${from} a ${to}`,
  minor: { yes: 'Sí', possible: 'Quizá' },
  common: {
    of: (number, total) => `${number} de ${total}`,
    needed: '* Imprescindible: sin estos elementos, el Grupo de Trabajo no puede ocuparse del caso.',
    made: (day) => `Estado de la información: ${day}`,
  },
  identity: {
    name: 'Nombre completo', otherNames: 'Otros nombres', sex: 'Sexo', birth: 'Fecha de nacimiento', age: 'Edad en el momento de los hechos', under18: 'Menor de 18 años en el momento de los hechos', nationality: 'Nacionalidad o nacionalidades',
    papers: 'Documento de identidad', origin: 'Lugar de origen', ethnicity: 'Grupo étnico o religioso', health: 'Embarazo, salud, discapacidad', occupation: 'Ocupación', address: 'Domicilio habitual',
  },
  event: {
    when: 'Fecha', where: 'Lugar', heldWhere: 'Lugar de detención, actual o último conocido', transfers: 'Traslados', forces: 'Fuerzas', acknowledged: '¿La reconocen las autoridades?',
    warrant: '¿Se mostró una orden u otra decisión?', warrantIssuer: 'Autoridad que la dictó', reasons: 'Motivos alegados por las autoridades', law: 'Legislación aplicada', how: 'Cómo se llevaron a la persona',
    status: 'Qué se sabe ahora de la persona', duration: 'Duración', orderedBy: 'Autoridad que la ordenó', told: 'Según se informó', returnRisk: 'Devolución temida', public: '¿Es ya público el caso?', steps: 'Medidas tomadas',
  },
  returnRisk: (country, expected) => `Se teme una devolución forzosa${country === null ? '' : ` (${country})`}${expected === null ? '' : `, prevista: ${expected}`}.`,
  submitter: {
    organisation: 'Organización', person: 'Persona de contacto', address: 'Dirección', phone: 'Teléfono', email: 'Correo electrónico', confidential: 'Confidencialidad', family: 'Consentimiento de la familia',
    confidentialYes: 'La identidad de las fuentes debe mantenerse confidencial.', familyYes: 'La organización presenta este caso con el consentimiento previo de la familia.',
  },
  wgeid: {
    group: 'Grupo de Trabajo sobre las Desapariciones Forzadas o Involuntarias', title: 'Comunicación sobre una víctima de desaparición forzada o involuntaria',
    urgent: 'Se solicita acción urgente: la desaparición ocurrió en los últimos tres meses.', standard: 'Procedimiento ordinario: la desaparición ocurrió hace más de tres meses.',
    toGovernment: 'El Grupo de Trabajo transmite el caso al Gobierno interesado.',
    identity: '1. Identidad de la persona desaparecida', date: '2. Fecha de la desaparición', place: '3. Lugar de detención o secuestro, o donde fue vista por última vez',
    forces: '4. Fuerzas, del Estado o apoyadas por él, que se cree responsables', circumstances: '5. Circunstancias', steps: '6. Medidas tomadas por los parientes u otras personas para localizar a la persona',
    submitter: '7. Quién envía la información',
  },
  wgad: {
    group: 'Grupo de Trabajo sobre la Detención Arbitraria', title: 'Comunicación sobre un arresto o una detención presuntamente arbitrarios',
    toGovernment: 'El Grupo de Trabajo transmite el caso al Gobierno interesado.',
    identity: 'I. Identidad', arrest: 'II. Arresto', detention: 'III. Detención', circumstances: 'IV. Circunstancias del arresto o de la detención', whyArbitrary: 'Por qué se considera arbitraria',
    remedies: 'V. Medidas internas, incluidos los recursos', submitter: 'VI. Quién envía la información',
  },
  meter: {
    title: '¿Listo para la ONU?', takeOut: 'Para el analista. Retire esta página antes de enviar el formulario.', person: 'Persona', have: 'Hay', missing: 'Falta',
    items: { name: 'nombre completo', date: 'fecha, al menos mes y año', place: 'lugar', forces: 'fuerzas', steps: 'medidas tomadas, o por qué ninguna', submitter: 'quién envía' },
  },
  summary: {
    title: (people, country) => (country === null ? `Detención: ${people}` : `Detención (${country}): ${people}`),
    atRisk: (country) => (country === null ? 'en peligro de devolución forzosa' : `en peligro de devolución forzosa (${country})`),
    people: (count) => (count === '1' ? '1 persona' : `${count} personas`),
    moreUnnamed: (count) => (count === '1' ? '1 persona más, sin nombrar' : `${count} personas más, sin nombrar`),
    counted: (count, what) => `${count} ${{ female: count === 1 ? 'mujer o niña' : 'mujeres o niñas', male: count === 1 ? 'hombre o niño' : 'hombres o niños', minor: count === 1 ? 'menor de edad' : 'menores de edad', elderly: count === 1 ? 'persona mayor' : 'personas mayores' }[what]}`,
    sections: { who: 'Quién', where: 'Lugar de detención', known: 'Qué se sabe', deadline: 'Plazo', demands: 'Peticiones' },
    taken: 'Detención', held: 'Lugar', heldNotKnown: 'No se sabe.',
    deadline: (custody, destination, days, from, to) =>
      `Personas detenidas (${custody}) han sido devueltas (${destination}) en unos ${days} días: en este caso, ${from === to ? `hacia el ${to}` : `entre el ${from} y el ${to}, aproximadamente`}. No es un mínimo ni un límite.`,
    deadlineExpected: (when) => `Devolución prevista: ${when}.`,
    deadlineNone: 'No se conoce ninguna fecha. Cuanto antes, mejor.',
    demandsTo: (country) => (country === null ? 'Se pide a las autoridades:' : `Se pide a las autoridades (${country}):`),
    demands: {
      noReturn: (country) => `que no las devuelvan por la fuerza${country === null ? '' : ` (${country})`}, donde las esperan la tortura, la cárcel o algo peor`,
      disclose: 'que digan sin demora dónde están detenidas, por quién y con qué base legal', access: 'que les permitan ver a un abogado, a su familia, a un médico y al ACNUR',
      noIllTreatment: 'que las protejan de la tortura y otros malos tratos', release: 'que las pongan en libertad, salvo que se las acuse de un delito reconocible internacionalmente',
      children: 'que no separen a los niños de sus familias y antepongan su interés', care: 'que les den la atención médica necesaria',
      afterReturn: 'que digan qué ha sido de quienes ya fueron devueltos y los traten con humanidad',
    },
  },
}
