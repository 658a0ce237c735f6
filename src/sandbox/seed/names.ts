/** A region from which seeded people come. */
export interface Locale {
  readonly country: string;
  /** Two-letter code, as in SMS channels. */
  readonly code: string;
  readonly dial: string;
  /** Number of digits of a national number. */
  readonly digits: number;
  readonly weight: number;
  readonly first: readonly string[];
  readonly last: readonly string[];
  /** City, state or province (may be empty), postal code with `#` for any digit. */
  readonly places: readonly (readonly [string, string, string])[];
  readonly streets: readonly string[];
}

type Source = Omit<Locale, 'first' | 'last' | 'places' | 'streets'> & {
  first: string;
  last: string;
  places: string;
  streets: string;
};

const list = (text: string): string[] => text.split(',').map((item) => item.trim());

const locale = (source: Source): Locale => ({
  ...source,
  first: list(source.first),
  last: list(source.last),
  places: source.places.split(';').map((place) => {
    const [city = '', state = '', postal = ''] = place.split('|').map((part) => part.trim());
    return [city, state, postal];
  }),
  streets: list(source.streets),
});

export const LOCALES: readonly Locale[] = [
  locale({
    country: 'United States',
    code: 'US',
    dial: '1',
    digits: 10,
    weight: 380,
    first:
      'Emma, Liam, Olivia, Noah, Ava, Ethan, Sophia, Mason, Isabella, Lucas, Mia, Logan, Charlotte, James, Amelia, Benjamin, Harper, Elijah, Evelyn, Jackson, Abigail, Aiden, Grace, Caleb, Hannah, Wyatt, Zoe, Owen, Naomi, Marcus, Latoya, Deshawn, Keisha, Tyrone',
    last: "Miller, Johnson, Williams, Brown, Davis, Garcia, Wilson, Anderson, Thomas, Jackson, White, Harris, Martin, Thompson, Robinson, Clark, Lewis, Walker, Hall, Young, King, Wright, Hill, Green, Baker, Nelson, Carter, Mitchell, Turner, Parker, O'Connor, Washington, Jefferson-Reed, St. Clair",
    places:
      'Boston|MA|021##; Waltham|MA|0245#; Austin|TX|787##; Denver|CO|802##; Portland|OR|972##; Seattle|WA|981##; Chicago|IL|606##; Nashville|TN|372##; Savannah|GA|314##; Madison|WI|537##; Tucson|AZ|857##; Raleigh|NC|276##',
    streets:
      'Maple Avenue, Oak Street, Harbor Road, Mill Lane, Cedar Court, Lincoln Boulevard, Pine Hill Drive',
  }),
  locale({
    country: 'Canada',
    code: 'CA',
    dial: '1',
    digits: 10,
    weight: 80,
    first: 'Chloé, Nathan, Maëlle, William, Aisha, Connor, Noémie, Gabriel, Priya, Declan, Rosalie, Étienne',
    last: 'Tremblay, Gagnon, Roy, MacDonald, Bouchard, Singh, Fortin, McLeod, Pelletier, Campbell, Bélanger, Chen',
    places:
      'Toronto|ON|M5V 2T#; Montréal|QC|H2X 1Y#; Vancouver|BC|V6B 1A#; Calgary|AB|T2P 3C#; Halifax|NS|B3J 2K#; Québec|QC|G1R 4S#',
    streets: 'rue Saint-Denis, King Street, Lakeshore Road, avenue du Parc, Granville Street',
  }),
  locale({
    country: 'United Kingdom',
    code: 'GB',
    dial: '44',
    digits: 10,
    weight: 90,
    first:
      'Oliver, Isla, George, Freya, Harry, Poppy, Arthur, Imogen, Rhys, Siobhán, Callum, Ffion, Zara, Idris',
    last: "Smith, Jones, Taylor, Evans, Davies, Walsh, Hughes, Patel, Fletcher, Ashworth, Blackwood, O'Neill, Begum",
    places:
      'London||EC1A #BB; Bristol||BS1 #TR; Leeds||LS1 #AB; Cardiff||CF10 #DD; Edinburgh||EH1 #YZ; Belfast||BT1 #GS',
    streets: 'High Street, Church Lane, Victoria Road, Station Approach, Queensway',
  }),
  locale({
    country: 'Germany',
    code: 'DE',
    dial: '49',
    digits: 10,
    weight: 70,
    first: 'Lukas, Anna, Jürgen, Lena, Maximilian, Käthe, Felix, Sophie, Björn, Greta, Emre, Marlene, Götz',
    last: 'Müller, Schmidt, Schäfer, Weber, Wagner, Becker, Groß, Hoffmann, Köhler, Yılmaz, Lehmann, von der Heide',
    places: 'Berlin||101##; Hamburg||200##; München||803##; Köln||506##; Leipzig||041##; Freiburg||790##',
    streets: 'Hauptstraße, Gartenweg, Lindenallee, Schillerplatz, Am Mühlbach',
  }),
  locale({
    country: 'France',
    code: 'FR',
    dial: '33',
    digits: 9,
    weight: 60,
    first: 'Camille, Léo, Manon, Hugo, Inès, Théo, Zoé, Raphaël, Éloïse, Anaïs, Mathis, Jean-Baptiste',
    last: "Martin, Bernard, Dubois, Lefèvre, Moreau, Benali, Girard, Rousseau, Chevalier, Marchand, D'Arcy, Lemaître",
    places: 'Paris||750##; Lyon||690##; Nantes||440##; Toulouse||310##; Lille||590##; Strasbourg||670##',
    streets: 'rue de la République, avenue Victor-Hugo, quai des Brumes, place du Marché',
  }),
  locale({
    country: 'Spain',
    code: 'ES',
    dial: '34',
    digits: 9,
    weight: 45,
    first: 'Lucía, Hugo, Martina, Iker, Sofía, Álvaro, Carmen, Íñigo, Nerea, Joaquín, Begoña',
    last: 'García López, Fernández, Muñoz, Jiménez, Ibáñez, Castaño, Ruiz, Serrano, Peña, Vázquez, Núñez',
    places: 'Madrid||280##; Barcelona||080##; Sevilla||410##; Bilbao||480##; Valencia||460##',
    streets: 'Calle Mayor, Avenida de la Constitución, Paseo Marítimo, Plaza Nueva',
  }),
  locale({
    country: 'Italy',
    code: 'IT',
    dial: '39',
    digits: 10,
    weight: 35,
    first: 'Giulia, Leonardo, Chiara, Matteo, Aurora, Niccolò, Beatrice, Davide, Ginevra, Pietro',
    last: "Rossi, Russo, Ferrari, Esposito, Bianchi, Colombo, De Luca, D'Angelo, Marchetti, Fontana",
    places: 'Milano|MI|201##; Roma|RM|001##; Torino|TO|101##; Bologna|BO|401##; Palermo|PA|901##',
    streets: 'Via Garibaldi, Corso Vittorio Emanuele, Via dei Mille, Piazza San Marco',
  }),
  locale({
    country: 'Mexico',
    code: 'MX',
    dial: '52',
    digits: 10,
    weight: 45,
    first: 'Ximena, Santiago, Valentina, Mateo, Regina, Emiliano, Renata, Diego, Fernanda, Iván',
    last: 'Hernández, Martínez, González, Ramírez, Torres, Flores, Ávila, Cárdenas, Treviño, Zúñiga',
    places: 'Ciudad de México|CDMX|06###; Guadalajara|JAL|44###; Monterrey|NLE|64###; Mérida|YUC|97###',
    streets: 'Avenida Reforma, Calle Hidalgo, Calzada Independencia, Callejón del Beso',
  }),
  locale({
    country: 'Brazil',
    code: 'BR',
    dial: '55',
    digits: 11,
    weight: 40,
    first: 'João, Maria Clara, Pedro, Beatriz, Thiago, Letícia, Caio, Luíza, Antônio, Yasmin',
    last: 'Silva, Santos, Oliveira, Souza, Gonçalves, Araújo, Conceição, Nascimento, Assunção, Teixeira',
    places:
      'São Paulo|SP|010##-000; Rio de Janeiro|RJ|200##-010; Salvador|BA|400##-020; Curitiba|PR|800##-030',
    streets: 'Rua das Flores, Avenida Paulista, Travessa do Comércio, Rua XV de Novembro',
  }),
  locale({
    country: 'Poland',
    code: 'PL',
    dial: '48',
    digits: 9,
    weight: 25,
    first: 'Zofia, Jakub, Małgorzata, Łukasz, Hanna, Michał, Świętosława, Wojciech, Agnieszka',
    last: 'Nowak, Kowalski, Wiśniewska, Wójcik, Żak, Zieliński, Szczepańska, Brzęczyszczykiewicz',
    places: 'Warszawa||00-1##; Kraków||30-0##; Łódź||90-4##; Gdańsk||80-2##',
    streets: 'ulica Długa, aleja Jana Pawła II, ulica Polna, rynek Główny',
  }),
  locale({
    country: 'Sweden',
    code: 'SE',
    dial: '46',
    digits: 9,
    weight: 20,
    first: 'Astrid, Björn, Elsa, Östen, Maja, Åke, Saga, Nils',
    last: 'Andersson, Johansson, Lindström, Sjöberg, Åkerman, Öberg, Nyström, Wallin',
    places: 'Stockholm||111 ##; Göteborg||411 ##; Malmö||211 ##; Umeå||903 ##',
    streets: 'Storgatan, Skolvägen, Drottninggatan, Björkallén',
  }),
  locale({
    country: 'Netherlands',
    code: 'NL',
    dial: '31',
    digits: 9,
    weight: 20,
    first: 'Sanne, Daan, Fleur, Sem, Roos, Bram, Lotte, Thijs',
    last: 'de Vries, van den Berg, Jansen, Bakker, van Dijk, Hoekstra, IJzerman, Smit',
    places: 'Amsterdam||10## AB; Utrecht||35## CD; Rotterdam||30## EF; Groningen||97## GH',
    streets: 'Kerkstraat, Prinsengracht, Molenweg, Dorpsplein',
  }),
  locale({
    country: 'Nigeria',
    code: 'NG',
    dial: '234',
    digits: 10,
    weight: 25,
    first: 'Chinedu, Amara, Oluwaseun, Ngozi, Emeka, Folake, Ifeanyi, Zainab, Tunde',
    last: 'Okafor, Adeyemi, Balogun, Eze, Ibrahim, Nwosu, Ogunleye, Danjuma, Abubakar',
    places: 'Lagos|LA|1002##; Abuja|FC|9002##; Ibadan|OY|2002##; Kano|KN|7002##',
    streets: 'Awolowo Road, Market Street, Airport Road, Independence Way',
  }),
  locale({
    country: 'India',
    code: 'IN',
    dial: '91',
    digits: 10,
    weight: 35,
    first: 'Aarav, Ananya, Rohan, Meera, Vikram, Kavya, Arjun, Lakshmi, Sanjay, Ishita',
    last: 'Sharma, Iyer, Reddy, Mukherjee, Kaur, Nair, Gupta, Deshmukh, Pillai, Chatterjee',
    places: 'Mumbai|MH|4000##; Bengaluru|KA|5600##; Kolkata|WB|7000##; Chennai|TN|6000##',
    streets: 'MG Road, Linking Road, Park Street, Anna Salai',
  }),
  locale({
    country: 'Japan',
    code: 'JP',
    dial: '81',
    digits: 10,
    weight: 20,
    first: '陽子, Haruto, 美咲, Ren, Yui, 健太, Sakura, Daiki',
    last: '田中, Suzuki, 高橋, Watanabe, Itō, 山本, Kobayashi, Nakamura',
    places: '東京|Tōkyō|100-00##; 大阪|Ōsaka|530-00##; 札幌|Hokkaidō|060-00##; 福岡|Fukuoka|810-00##',
    streets: 'Sakura-dōri, Chūō-ku 1-2, Minami-machi 3, Higashiyama 5',
  }),
  locale({
    country: 'Ireland',
    code: 'IE',
    dial: '353',
    digits: 9,
    weight: 10,
    first: 'Aoife, Cian, Niamh, Oisín, Saoirse, Tadhg, Caoimhe',
    last: "Murphy, O'Sullivan, Ní Bhriain, Kelly, Ó Dónaill, Byrne, McCarthy",
    places: 'Dublin||D02 X#8#; Cork||T12 Y#4#; Galway||H91 E#2#',
    streets: 'Main Street, Quay Road, Shop Street',
  }),
];
