/** Names of months and of days of the week as people write them, per language. Data only. */

/** The names of one language. Written forms are matched without regard to case; the first of each list is the one written. */
export interface CalendarNames {
  readonly language: 'en' | 'de' | 'fr' | 'es' | 'it' | 'nl' | 'pt';
  /** January first: full names, the accepted spellings of each separated by `|`. */
  readonly months: readonly string[];
  /** January first: abbreviations without their full stop. */
  readonly monthAbbreviations: readonly string[];
  /** Sunday first. */
  readonly weekdays: readonly string[];
  readonly weekdayAbbreviations: readonly string[];
}

function words(text: string): readonly string[] {
  return text.split(' ');
}

/** The languages in the order in which a name that several share is read. */
export const calendarNames: readonly CalendarNames[] = [
  {
    language: 'en',
    months: words('January February March April May June July August September October November December'),
    monthAbbreviations: words('Jan Feb Mar Apr May Jun Jul Aug Sep|Sept Oct Nov Dec'),
    weekdays: words('Sunday Monday Tuesday Wednesday Thursday Friday Saturday'),
    weekdayAbbreviations: words('Sun Mon Tue|Tues Wed Thu|Thur|Thurs Fri Sat'),
  },
  {
    language: 'de',
    months: words(
      'Januar|Jänner|Jaenner Februar|Feber März|Maerz|Marz April Mai Juni Juli August September Oktober November Dezember',
    ),
    monthAbbreviations: words('Jan|Jän Feb Mrz|Mär|Maer Apr Mai Jun Jul Aug Sep|Sept Okt Nov Dez'),
    weekdays: words('Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag|Sonnabend'),
    weekdayAbbreviations: words('So Mo Di Mi Do Fr Sa'),
  },
  {
    language: 'fr',
    months: words(
      'janvier février|fevrier mars avril mai juin juillet août|aout septembre octobre novembre décembre|decembre',
    ),
    monthAbbreviations: words('janv févr|fevr|fév|fev mars avr mai juin juil août|aout sept oct nov déc|dec'),
    weekdays: words('dimanche lundi mardi mercredi jeudi vendredi samedi'),
    weekdayAbbreviations: words('dim lun mar mer jeu ven sam'),
  },
  {
    language: 'es',
    months: words(
      'enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre',
    ),
    monthAbbreviations: words('ene feb mar abr may jun jul ago sep|sept|set oct nov dic'),
    weekdays: words('domingo lunes martes miércoles|miercoles jueves viernes sábado|sabado'),
    weekdayAbbreviations: words('dom lun mar mié|mie jue vie sáb|sab'),
  },
  {
    language: 'it',
    months: words(
      'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
    ),
    monthAbbreviations: words('gen|genn feb|febb mar apr mag|magg giu lug ago set|sett ott nov dic'),
    weekdays: words(
      'domenica lunedì|lunedi martedì|martedi mercoledì|mercoledi giovedì|giovedi venerdì|venerdi sabato',
    ),
    weekdayAbbreviations: words('dom lun mar mer gio ven sab'),
  },
  {
    language: 'nl',
    months: words('januari februari maart april mei juni juli augustus september oktober november december'),
    monthAbbreviations: words('jan feb mrt apr mei jun jul aug sep|sept okt nov dec'),
    weekdays: words('zondag maandag dinsdag woensdag donderdag vrijdag zaterdag'),
    weekdayAbbreviations: words('zo ma di wo do vr za'),
  },
  {
    language: 'pt',
    months: words(
      'janeiro fevereiro março|marco abril maio junho julho agosto setembro outubro novembro dezembro',
    ),
    monthAbbreviations: words('jan fev mar abr mai jun jul ago set out nov dez'),
    weekdays: words(
      'domingo segunda-feira terça-feira|terca-feira quarta-feira quinta-feira sexta-feira sábado|sabado',
    ),
    weekdayAbbreviations: words('dom seg ter qua qui sex sáb|sab'),
  },
];

/** Days of the week in one Chinese character, Sunday first, as Japanese writes them behind a date. */
export const hanWeekdays = words('日 月 火 水 木 金 土');

/** Japanese eras with the Gregorian day on which each began, newest first. */
export const japaneseEras = [
  { names: ['令和', 'R'], start: { year: 2019, month: 5, day: 1 } },
  { names: ['平成', 'H'], start: { year: 1989, month: 1, day: 8 } },
  { names: ['昭和', 'S'], start: { year: 1926, month: 12, day: 25 } },
  { names: ['大正', 'T'], start: { year: 1912, month: 7, day: 30 } },
  { names: ['明治', 'M'], start: { year: 1868, month: 1, day: 25 } },
] as const;
