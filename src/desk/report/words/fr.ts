import type { ReportWords } from './words.ts'

/** Not yet read by a native speaker; names of bodies as OHCHR writes them. */
export const french: ReportWords = {
  language: 'fr',
  codes: {
    yesNo: { yes: 'Oui', no: 'Non', unknown: 'Non connu' },
    sex: { female: 'Féminin', male: 'Masculin', other: 'Autre', unknown: 'Non connu' },
    status: { held: 'en détention', moved: 'en détention, transférée', returned: 'renvoyée de force', released: 'libérée', dead: 'déclarée morte', missing: 'disparue', unknown: 'non connu' },
    authority: {
      cn_public_security: 'Organes de sécurité publique, Chine', cn_border_or_immigration: 'Autorités des frontières ou de l’immigration, Chine', cn_state_security: 'Organes de sécurité d’État, Chine',
      cn_military: 'Armée, Chine', kp_state_security: 'Sécurité d’État, République populaire démocratique de Corée', kp_police: 'Police, République populaire démocratique de Corée',
      third_country_police: 'Police d’un pays tiers', other: 'Autre', unknown: 'Non connu',
    },
    wayTaken: { checkpoint: 'À un point de contrôle', raid: 'Lors d’une descente', vehicle: 'Dans un véhicule', border: 'À une frontière', handover_third_country: 'Remise par un pays tiers', unknown: 'Non connu' },
    acknowledged: { located: 'Oui, et le lieu est connu', not_located: 'Oui, mais non le lieu', denied: 'Non : niée', unknown: 'Non connu' },
    step: {
      embassy: 'Une ambassade a été saisie', unhcr: 'Le HCR a été saisi', un: 'Un autre organe des Nations Unies a été saisi', lawyer: 'Un avocat a été engagé', police: 'La police ou une autre autorité a été interrogée',
      media: 'Les médias ont été informés', ngo: 'Une organisation non gouvernementale a été saisie', none_unsafe: 'Aucune : toute démarche aurait mis en danger la famille ou la personne',
    },
    risk: { pregnant: 'enceinte', medical: 'a besoin de soins médicaux', disability: 'en situation de handicap', elderly: 'personne âgée', child_alone: 'enfant sans famille' },
  },
  dates: {
    unknown: 'Non connue', about: (date) => `${date} environ`, perhaps: (date) => `peut-être ${date}`, between: (from, to) => `entre ${from} et ${to}`,
    since: (date) => `${date} ou après`, until: (date) => `${date} ou avant`,
  },
  age: (years) => `${years} ans`,
  range: (from, to) => `${from} à ${to}`,
  transfer: (from, to) => `de ${from} à ${to}`,
  minor: { yes: 'Oui', possible: 'Peut-être' },
  common: {
    of: (number, total) => `${number} sur ${total}`,
    needed: '* Indispensable : sans ces éléments, le Groupe de travail ne peut pas traiter le cas.',
    made: (day) => `État des connaissances : ${day}`,
  },
  identity: {
    name: 'Nom complet', otherNames: 'Autres noms', sex: 'Sexe', birth: 'Date de naissance', age: 'Âge au moment des faits', under18: 'Moins de 18 ans au moment des faits', nationality: 'Nationalité(s)',
    papers: 'Document d’identité', origin: 'Lieu d’origine', ethnicity: 'Groupe ethnique ou religieux', health: 'Grossesse, santé, handicap', occupation: 'Profession', address: 'Adresse du domicile habituel',
  },
  event: {
    when: 'Date', where: 'Lieu', heldWhere: 'Lieu de détention, actuel ou dernier connu', transfers: 'Transferts', forces: 'Forces', acknowledged: 'Les autorités la reconnaissent-elles ?',
    warrant: 'Un mandat ou une autre décision a-t-il été présenté ?', warrantIssuer: 'Autorité qui l’a délivré', reasons: 'Motifs invoqués par les autorités', law: 'Législation appliquée', how: 'Comment la personne a été emmenée',
    status: 'Ce que l’on sait de la personne à présent', duration: 'Durée', orderedBy: 'Autorité qui l’a ordonnée', told: 'Telle que rapportée', returnRisk: 'Renvoi redouté', public: 'Le cas est-il déjà public ?', steps: 'Démarches',
  },
  returnRisk: (country, expected) => `Un renvoi forcé${country === null ? '' : ` (${country})`} est redouté${expected === null ? '' : `, attendu : ${expected}`}.`,
  submitter: {
    organisation: 'Organisation', person: 'Personne à contacter', address: 'Adresse', phone: 'Téléphone', email: 'Courriel', confidential: 'Confidentialité', family: 'Consentement de la famille',
    confidentialYes: 'L’identité des sources doit rester confidentielle.', familyYes: 'L’organisation soumet ce cas avec le consentement préalable de la famille.',
  },
  wgeid: {
    group: 'Groupe de travail sur les disparitions forcées ou involontaires', title: 'Communication concernant une victime de disparition forcée ou involontaire',
    urgent: 'Une action urgente est demandée : la disparition remonte à moins de trois mois.', standard: 'Procédure ordinaire : la disparition remonte à plus de trois mois.',
    toGovernment: 'Le Groupe de travail transmet le cas au gouvernement concerné.',
    identity: '1. Identité de la personne disparue', date: '2. Date de la disparition', place: '3. Lieu de l’arrestation ou de l’enlèvement, ou endroit où la personne a été vue pour la dernière fois',
    forces: '4. Forces, de l’État ou soutenues par lui, présumées responsables', circumstances: '5. Circonstances', steps: '6. Mesures prises par la famille ou par d’autres personnes pour localiser la personne',
    submitter: '7. Auteur de la communication',
  },
  wgad: {
    group: 'Groupe de travail sur la détention arbitraire', title: 'Communication concernant une arrestation ou une détention présumée arbitraire',
    toGovernment: 'Le Groupe de travail transmet le cas au gouvernement concerné.',
    identity: 'I. Identité', arrest: 'II. Arrestation', detention: 'III. Détention', circumstances: 'IV. Circonstances de l’arrestation ou de la détention', whyArbitrary: 'Raisons de la considérer comme arbitraire',
    remedies: 'V. Démarches internes, y compris les voies de recours', submitter: 'VI. Auteur de la communication',
  },
  meter: {
    title: 'Prêt pour l’ONU ?', takeOut: 'Pour l’analyste. Retirer cette page avant l’envoi du formulaire.', person: 'Personne', have: 'Présents', missing: 'Manquants',
    items: { name: 'nom complet', date: 'date, mois et année au moins', place: 'lieu', forces: 'forces', steps: 'démarches, ou pourquoi aucune', submitter: 'auteur' },
  },
  summary: {
    title: (people, country) => (country === null ? `Détention : ${people}` : `Détention en cours (${country}) : ${people}`),
    atRisk: (country) => (country === null ? 'risque de renvoi forcé' : `risque de renvoi forcé (${country})`),
    people: (count) => (count === '1' ? '1 personne' : `${count} personnes`),
    moreUnnamed: (count) => (count === '1' ? '1 autre personne, non nommée' : `${count} autres personnes, non nommées`),
    counted: (count, what) => `${count} ${{ female: count === 1 ? 'femme ou fille' : 'femmes ou filles', male: count === 1 ? 'homme ou garçon' : 'hommes ou garçons', minor: count === 1 ? 'enfant' : 'enfants', elderly: count === 1 ? 'personne âgée' : 'personnes âgées' }[what]}`,
    sections: { who: 'Qui', where: 'Lieu de détention', known: 'Ce que l’on sait', deadline: 'Échéance', demands: 'Demandes' },
    taken: 'Arrestation', held: 'Détention', heldNotKnown: 'Non connu.',
    deadline: (custody, destination, days, from, to) =>
      `Des personnes détenues (${custody}) ont été renvoyées (${destination}) en ${days} jours environ : dans ce cas, ${from === to ? `vers le ${to}` : `entre le ${from} et le ${to} environ`}. Ce n’est ni un minimum ni une limite.`,
    deadlineExpected: (when) => `Renvoi attendu : ${when}.`,
    deadlineNone: 'Aucune date n’est connue. Le plus tôt sera le mieux.',
    demandsTo: (country) => (country === null ? 'Il est demandé aux autorités :' : `Il est demandé aux autorités (${country}) :`),
    demands: {
      noReturn: (country) => `de ne pas les renvoyer de force${country === null ? '' : ` (${country})`}, là où la torture, l’emprisonnement ou pire les attendent`,
      disclose: 'd’indiquer sans délai où ces personnes sont détenues, par qui et sur quelle base légale', access: 'de leur permettre de voir un avocat, leur famille, un médecin et le HCR',
      noIllTreatment: 'de les protéger de la torture et des autres mauvais traitements', release: 'de les libérer, à moins d’une inculpation pour une infraction internationalement reconnue',
      children: 'de ne pas séparer les enfants de leur famille et de faire passer leur intérêt en premier', care: 'de donner les soins médicaux nécessaires',
      afterReturn: 'de dire ce que sont devenues les personnes déjà renvoyées, et de les traiter avec humanité',
    },
  },
}
