"""Names entered by hand, each in its own script with the ways it is usually romanised, and the usual Thai spelling.

Set down from general knowledge before the rules were written, so that the rules did not choose them; nothing is copied
from a list. A name stands before its variants, which are divided by a stroke; names are divided by a semicolon.
"""

LAO = """
ສົມພອນ Somphone|Somphon|สมพร; ສົມໄຊ Somxay|Somsay; ສົມສັກ Somsak|Somsack|สมศักดิ์; ບຸນມີ Bounmy|Bounmi|บุญมี;
ບຸນທັນ Bounthanh|Bounthan; ບຸນຍັງ Bounnhang|Bounyang; ບຸນເລີດ Bounleut|Bounlert|บุญเลิศ; ຄຳພອນ Khamphone|คำพร;
ຄຳໃສ Khamsay; ຄຳໄຕ Khamtay|คำไต; ຄຳມະນີ Khammany; ຄຳຫຼ້າ Khamla|คำหล้า; ຈັນທະວົງ Chanthavong|จันทวงศ์;
ຈັນທາ Chantha|Chanta|จันทา; ຈັນສະໝອນ Chansamone; ແກ້ວ Keo|แก้ว; ແກ້ວມະນີ Keomany|แก้วมณี;
ແສງດາລາ Sengdara|Sengdala|แสงดารา; ແສງຈັນ Sengchanh|แสงจันทร์; ດວງໃຈ Douangchai|Duangchay|ดวงใจ;
ດວງມະນີ Douangmany; ດາລາ Dala|Dara|ดารา; ຕຸ້ຍ Touy; ທອງສຸກ Thongsouk|Thongsuk|ทองสุข; ທອງລຸນ Thongloun|ทองลุน;
ທອງໄລ Thonglay; ນາງ Nang|นาง; ນ້ອຍ Noy|Noi|น้อย; ນິດ Nith|Nid|นิด; ນາລີ Naly|Nary|นารี; ນວນ Nouane;
ປານີ Pany|ปานี; ເພັດ Phet|เพชร; ເພັດສະໝອນ Phetsamone; ພູມີ Phoumy|ภูมี; ພູວົງ Phouvong;
ພອນສະຫວັນ Phonsavan|Phonesavanh; ພົມມະຈັນ Phommachanh; ພົມວິຫານ Phomvihane|พมวิหาน; ວົງສາ Vongsa|วงษา;
ວິໄລ Vilay|Vilai|วิไล; ວິໄລພອນ Vilayphone|วิไลพร; ວຽງຄຳ Viengkham|เวียงคำ; ວຽງໄຊ Viengxay; ວັນນາ Vanna|วันนา;
ສີສະຫວາດ Sisavath|Sisavat|ศรีสวัสดิ์; ສີສຸກ Sisouk|ศรีสุข; ສີພັນດອນ Siphandone|Siphandon|สีพันดอน;
ສຸພານຸວົງ Souphanouvong|Suphanuvong|สุภานุวงศ์; ສຸວັນນາ Souvanna|สุวรรณา; ສຸລິຍາ Souliya|Suriya|สุริยา;
ສຸກສະຫວັນ Souksavanh|สุขสวรรค์; ໄຊສົມພອນ Xaysomphone|Saysomphone; ໄຊຍະວົງ Xayavong|Sayavong;
ອຸດົມ Oudom|Udom|อุดม; ອິນທະວົງ Inthavong|อินทวงศ์; ອຳພອນ Amphone|อัมพร; ອານຸສອນ Anousone|Anusorn|อนุสรณ์;
ອາພອນ Aphone|อาภร; ມະນີວັນ Manivanh|Manivan|มณีวรรณ; ມະນີຈັນ Manichanh|มณีจันทร์; ມາລີ Maly|Mali|มาลี; ໝອນ Mone;
ຫຼວງ Louang|Luang|หลวง; ຫຼ້າ La|หล้า; ລັດສະໝີ Latsamy|Ratsamy|รัศมี; ລາດຊະວົງ Ratsavong|Latsavong;
ລິນທອງ Linthong; ຍົດ Nhot; ເຢັນ Yen|เย็น; ກອງແກ້ວ Kongkeo|กองแก้ว; ກິ່ງ King|กิ่ง; ກຸລາບ Koulab|Kulap|กุหลาบ;
ຂັນທອງ Khanthong|ขันทอง; ເຂັມພອນ Khemphone; ເຄນ Khene; ສົມບູນ Somboun|สมบูรณ์; ສົມຫວັງ Somvang|สมหวัง;
ສົມລິດ Somlith|สมฤทธิ์; ສຸພາບ Souphap|สุภาพ; ທິບພາພອນ Thipphaphone|ทิพาพร; ທະນົງ Thanong|ทนง;
ວັດທະນາ Vatthana|Watthana|วัฒนา; ສັນຕິ Santi|สันติ; ໂພໄຊ Phoxay; ອ່ອນຈັນ Onchanh|อ่อนจันทร์;
ບົວຜັນ Bouaphanh|บัวผัน; ບົວລີ Bualy; ບົວທອງ Bouathong|บัวทอง; ເດືອນ Deuane|เดือน; ເພັງ Pheng|เพ็ง;
ໂສພາ Sopha|โสภา; ໂສພິດ Sophit; ຊົມພູ Xomphou|Somphou; ຊຽງ Xieng
"""

KHMER = """
សុភាព Sopheap; សុភ័ក្ត្រ Sopheak|Sopheaktra; សុវណ្ណ Sovann|สุวรรณ; ចាន់ថា Chantha; ចាន់ណា Channa;
រតនា Rathana|Ratana|รัตนา; រតនៈ Rattanak; វណ្ណា Vanna|วรรณา; វណ្ណៈ Vannak; វាសនា Veasna; វីរៈ Virak|Vireak;
ពិសិដ្ឋ Piseth; ពិសី Pisey; ភារុណ Phearun; ភារម្យ Phearom; មុនី Mony|Muny|มุนี; មុន្នី Mony; ម៉ាលី Maly|มาลี;
ម៉ារី Mary; ម៉េង Meng; ម៉ៅ Mao; មាស Meas; មករា Makara; នារី Neary|นารี; នីតា Nita; ណារិន Narin; ណារ៉ា Nara;
ណាវី Navy; បូរ៉ា Bora; បូផា Bopha; ប៊ុនថឿន Bunthoeun; ប៊ុនណា Bunna; ប៊ុនហេង Bunheng; ស្រីមុំ Sreymom;
ស្រីពៅ Sreypov; ស្រីនាង Sreyneang; ស្រីលក្ខណ៍ Sreyleak; ស្រស់ Sros; សំណាង Samnang; សំអាត Samath|Sam Ath;
សំបូរ Sambo|Sambour; សម្បត្តិ Sambath|สมบัติ; សុផល Sophal; សុផានី Sophany; សុគន្ធា Sokunthea; សុជាតា Socheata;
សុជាតិ Socheat; សុខុម Sokhom; សុខហេង Sokheng; សុធា Sothea; សុធារី Sotheary; សុរិយា Soriya|สุริยา;
កុសល Kosal|กุศล; កុលាប Kolab; កញ្ញា Kanha|กัญญา; គន្ធា Kunthea; គឹមសាន Kimsan; គឹមហួរ Kimhour; ឃួន Khuon;
ចរិយា Chariya; ចិន្តា Chenda|จินดา; ចំរើន Chamroeun; ជីវ័ន Chivorn; ឈាង Chheang; ឈុន Chhun; តារា Tara; ដានី Dany;
ទេវី Tevy|เทวี; ទិត្យ Tith; ធីតា Thida|ธิดา; ធារ៉ា Theara; ធារី Theary; ផល្លា Phalla; ផល្លី Phally;
ភក្តី Pheakdey|Pheakdei|ภักดี; ភិរុណ Phirun|Phearun; រស្មី Raksmey|Reaksmey|รัศมี; រិន Rin; រដ្ឋា Ratha;
រិទ្ធី Rithy; លីដា Lida; លក្ខណា Leakhena|ลักขณา; វិបុល Vibol|วิบูลย์; វិសាល Visal|วิศาล; វុទ្ធី Vuthy;
វុទ្ធា Vuthea; សារុន Sarun|Saron; សារឿន Saroeun; សារ៉ាត់ Sarath; សារិទ្ធ Sarith; សីហា Seyha; សីលា Seila;
សោភ័ណ Sophorn|Sophoan|โสภณ; ហ៊ុន Hun; ហ៊ុនសែន Hun Sen|ฮุนเซน; ហុង Hong; អូន Oun; អ៊ុក Ouk; ឡេង Leng; ឡាយ Lay;
ញាណ Nhean; ញឹប Nhep; យុទ្ធ Yuth; យ៉ាន Yan; ម៉ុន Mon; ឧត្តម Oudom|Udom|อุดม; ឧត្តរា Outtara; ឯកភាព Ekpheap;
ឫទ្ធី Rithy; នរោត្តម Norodom; សីហនុ Sihanouk|สีหนุ; ពល Pol; ពៅ Pov; ពុធ Puth; ពន្លឺ Ponleu; ព្រហ្ម Prum;
ប្រាក់ Prak; ប៉ែន Pen; ប៉ាង Pang; ថា Tha; ថន Thon; ខៀវ Khiev; ខាន់ Khan; កែវ Keo|แก้ว; កើត Koeut|Koet
"""

BURMESE = """
အောင် Aung|ออง; ကျော် Kyaw; ထွန်း Htun|Tun|ทุน; ဝင်း Win|วิน; မြင့် Myint; လှ Hla; ခင် Khin|ขิ่น; ဇော် Zaw|ซอ;
သိန်း Thein; သန်း Than|ตาน; ရဲ Ye|เย; မင်း Min|มิน; မြ Mya; ငြိမ်း Nyein; စု Su|ซู; ဆု Hsu|Su; သီတာ Thida|ทิดา;
သီရိ Thiri; စန်း San|ซาน; စိုး Soe|โซ; မိုး Moe|โม; လွင် Lwin; နိုင် Naing|นาย; ဌေး Htay|เท; တင် Tin|ติน;
မောင် Maung|หม่อง; ကို Ko|โก; အေး Aye|เอ; ဖြိုး Phyo|Hpyo; ပြည့် Pyae|Pyay; ချစ် Chit|ชิด; ချို Cho|โช;
နွယ် Nwe|Nway; ယဉ် Yin; ဇင် Zin|ซิน; ဇာနည် Zarni|Zarnee; ဝေ Wai|Way; ရန် Yan; သက် Thet; နှင်း Hnin|นิน;
ဟိန်း Hein; ထက် Htet; ဝတ်ရည် Wut Yi|Wutyi; အိ Ei; ဖြူ Phyu; သန္တာ Thandar|Thanda|ทันดา; သဇင် Thazin; ကြည် Kyi;
ကြီး Gyi|Kyi; ရွှေ Shwe|ชเว; ဆွေ Swe; စော Saw|ซอ; နန်း Nan|Nang|นาน; မိ Mi; နော် Naw|นอ; စိုင်း Sai|Saing;
သူ Thu; ဟန် Han; သာ Thar|Tha; ရတနာ Yadanar|Yadana; နန္ဒာ Nandar|Nanda|นันดา; စန္ဒာ Sandar|Sanda|ซันดา;
မာလာ Marlar|Mala|มาลา; ဝဏ္ဏ Wunna; ခိုင် Khine|Khaing; လှိုင် Hlaing; မြတ် Myat; နု Nu|นุ; နီ Ni|นี; လေး Lay|เล;
လင်း Lin|Linn|ลิน; ဖေ Phay|Pe; ဘ Ba; ဘို Bo|โบ; ဗိုလ် Bo; ဦး U|Oo|อู; ဒေါ် Daw|ดอ; စံ San; အုန်း Ohn;
ညွန့် Nyunt; ညို Nyo; ညီ Nyi; ပိုင် Paing; ဖုန်း Phone; ဟေမာ Haymar|Hayma; ဇေယျာ Zeyar|Zayar; ကလျာ Kalyar|Kalya;
ရှိန် Shein; ရှင် Shin; ပု Pu|ปุ; သီဟ Thiha; သူရ Thura; အာကာ Arkar|Arka; မေ May|เม; နေ Nay|เน; ဇွန် Zun;
ပန်း Pan|ปาน; ဝါ Wah|War; သွယ် Thwe; မွန် Mon|Mun; ချမ်း Chan; ငွေ Ngwe; သစ်လွင် Thit Lwin; စစ် Sit;
ကောင်း Kaung; အောင်ဆန်းစုကြည် Aung San Suu Kyi|อองซานซูจี; မင်းအောင်လှိုင် Min Aung Hlaing|มินอองไลง์;
သိန်းစိန် Thein Sein|เต็งเส่ง; နေဝင်း Ne Win|เนวิน; ဦးသန့် U Thant; ထင်ကျော် Htin Kyaw|ทินจอ;
ဝင်းမြင့် Win Myint; ပြည့်ဖြိုး Pyae Phyo; စန်းစန်းဝင်း San San Win; နှင်းနှင်း Hnin Hnin; ဇာဇာ Zar Zar;
မိုးမိုး Moe Moe|โมโม; ခင်မာ Khin Mar; အေးအေးသန်း Aye Aye Than; ကျော်ဇင် Kyaw Zin; ထွန်းထွန်း Htun Htun|Tun Tun;
ရဲရင့် Ye Yint; မျိုး Myo; မျိုးမင်း Myo Min; ထူးထူး Htoo Htoo; ပပ Pa Pa; စောထူး Saw Htoo
"""

ZAWGYI = """
ေအာင္ Aung; ေက်ာ္ Kyaw; ထြန္း Htun|Tun; ဝင္း Win; ျမင့္ Myint; ခင္ Khin; ေဇာ္ Zaw; သိန္း Thein; သန္း Than;
မင္း Min; ျမ Mya; ေဌး Htay; ေမာင္ Maung; ေအး Aye; ၿဖိဳး Phyo; ျဖဴ Phyu; ႏွင္း Hnin; ေရႊ Shwe; ေဆြ Swe;
သႏၱာ Thandar; စႏၵာ Sandar; ရွင္ Shin; ႀကီး Kyi|Gyi; လႈိင္ Hlaing; ႏိုင္ Naing; ၿငိမ္း Nyein; ေဒၚ Daw;
ေအာင္ဆန္း Aung San; မ်ိဳးမင္း Myo Min; ေန၀င္း Ne Win
"""
"""Burmese as the Zawgyi font keeps it."""

VIETNAMESE = """
Nguyễn Nguyen|เหงียน; Trần Tran|เจิ่น; Lê Le|เล; Phạm Pham|ฝ่าม; Hoàng Hoang|ฮหว่าง; Huỳnh Huynh; Phan Phan;
Vũ Vu; Võ Vo|หวอ; Đặng Dang|ดั่ง; Bùi Bui; Đỗ Do|โด; Hồ Ho|โฮ; Ngô Ngo|โง; Dương Duong; Lý Ly|ลี; Đinh Dinh|ดิญ;
Đoàn Doan; Thị Thi|ถิ; Văn Van|วัน; Hương Huong|เฮือง; Hằng Hang; Hạnh Hanh; Đức Duc|ดึ๊ก; Dũng Dung; Tuấn Tuan;
Ánh Anh; Ngọc Ngoc; Phương Phuong; Quang Quang|กวาง; Quỳnh Quynh; Thảo Thao|ท้าว; Thủy Thuy; Trang Trang;
Trinh Trinh; Uyên Uyen; Yến Yen; Xuân Xuan|ซวน; Khánh Khanh; Giang Giang; Nhung Nhung; Nga Nga|งา; Nghĩa Nghia;
Ngân Ngan; Ân An; Ái Ai; Ý Y; Châu Chau; Chi Chi; Đạt Dat; Đông Dong; Hiếu Hieu; Hiền Hien; Hòa Hoa; Kiệt Kiet;
Liên Lien; Linh Linh|ลิญ; Long Long|ลอง; Mỹ My; Nhật Nhat; Phúc Phuc|ฟุก; Sơn Son|เซิน; Tâm Tam; Tú Tu|ตู;
Việt Viet; Vy Vy; Đào Dao; Ước Uoc; Ứng Ung; Ông Ong
"""

ENTERED = {"Lao": LAO, "Khmer": KHMER, "Burmese": BURMESE, "Burmese (Zawgyi)": ZAWGYI, "Vietnamese": VIETNAMESE}


def entered(language: str) -> list[tuple[str, list[str]]]:
    """The names of a language, each with its variants."""
    lines = (line.strip().partition(" ") for line in ENTERED[language].split(";"))
    return [(name, variants.split("|")) for name, _, variants in lines]
