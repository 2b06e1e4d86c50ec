"""Words for aliases and passphrases: plain, friendly, and none that could wound.

``COMMON_WORDS`` holds exactly 2,048 words of 3 to 7 letters, so that each adds 11 bits. Only
one of two words that sound alike is in it: a passphrase may be read out on a telephone.
Changing a list changes what new people are offered, never what is already stored.
"""

from typing import Final

_FIRST_WORDS = """
able airy amber ample apt artful bold bonny brave breezy bright brisk busy calm candid caring
cheery civil clear clever cosy crisp dainty daring dear eager fancy fine fleet free fresh gentle
gifted glad gleaming glossy good graceful grand great green handy happy hardy hearty helpful
honest hopeful humble jolly jovial joyful keen kind lasting leafy light lively lofty loyal lucky
lunar mellow merry mild misty modest neat nice nimble noble orderly patient peaceful playful
pleasant plucky polite prime proud quick quiet ready rising robust rosy serene sharp shining
silent silver simple sincere smart smiling smooth snug solar solid sparkling speedy spry starry
steady strong sturdy sunny sure swift thankful tidy tranquil true trusty upbeat vivid warm
welcome winning wise witty wonder worthy zesty
"""
FIRST_WORDS: Final = tuple(_FIRST_WORDS.split())

_SECOND_WORDS = """
acorn alder almond anchor apple apricot aspen aster basil beacon bell birch bluebell boat bridge
brook canoe canyon cedar chestnut cloud clover comet compass coral cove creek crocus daisy dawn
dolphin dove dune elm ember falcon feather fern field finch fir firefly fjord flower forest
fountain foxglove garden glen grove harbour harp haven hazel heather heron hill hollow horizon
island ivy juniper kestrel kettle kite lagoon lake lantern lark laurel leaf lighthouse lilac
lily linden lotus lute lynx magnolia mango maple marigold marsh meadow melody mint moon morning
moss mountain nest oak oasis ocean olive orchard orchid osprey otter owl panda pear pebble pine
planet plum pond poplar poppy prairie primrose puffin quail quartz rainbow raven reed reef ridge
river robin rose rowan sandpiper sapling sea seashell sequoia shore sky snowdrop sparrow spring
spruce star starling stone stream summit sunrise swan sycamore thistle thrush thyme tide trail
tree tulip turtle valley violet walnut waterfall wave willow wind wren yarrow zephyr
"""
SECOND_WORDS: Final = tuple(_SECOND_WORDS.split())

_COMMON_WORDS = """
able about above acorn acre across act actor adapt add admire adult advice afford after again
age agent agree ahead aim air aisle alarm album alert alike alive all alley allow almond almost
aloe along also always amber among amount ample amuse anchor and angle ankle annual answer ant
anthem any apart apple apply april apron arcade arch arctic area arena argue arm around arrive
arrow art artist ash ask aspect assist atlas atom attend attic audio august aunt author autumn
avenue avoid awake award aware away axis back bacon badge badger bag bagel bake baker ball
ballad ballet bamboo banana band banjo bank banner bar bark barley barn barrel base basic basil
basin basket bat batch bath baton bay bazaar beach beacon bead beak beam bean bear beard beauty
beaver become bed bee beech beef beet before begin behind belief bell belong below belt bench
bend berry best better beyond bike bill bin bingo birch bird bit blaze blazer blend bless blink
block bloom blouse blue board boat bobcat body boil bold bolt bond bone bonnet bonsai bonus book
boost boot boss bottle bottom bounce bow bowl box brain branch brand brass brave bread breeze
brick bridge brief bright bring brisk broad bronze brook broom brunch brush bubble bucket buckle
bud budget buffet buggy bugle build bulb bumble bumper bundle bunny burrow bus bush busy butter
button buy cabin cable cactus cadet cake calf call calm camel camera camp camper canal canary
candle candy canoe canopy canvas canyon cap cape car card care cargo carol carpet carrot carry
cart carton carve case cashew castle cat catch cattle cause cave cedar celery cell cello cement
cereal chain chair chalk champ chance change chapel chart chat check cheek cheer cheese chef
cherry chess chew chill chime chip choice choose chorus cinder cinema circle circus citrus city
civil claim clap clasp class clay clean clear clever click client cliff climb clinic clock close
closet cloth cloud clover clown club clue coach coal coast coat cobalt cocoa code coder coffee
coil coin cold collar collie column comb come comedy comet comic common condor cone cook cookie
cool copper copy coral cord core cork corn corner cosmic cost cotton couch count couple course
cousin cover cowboy crab cradle craft crane crater crayon cream create credit creek crew crisp
crocus crop cross crowd crown cruise crumb crust cube cuckoo cup curb curl curry curve cycle
daily dairy daisy dance dapple dare dash data date dawn day dazzle dear debate decade decide
deck decor deep defend degree delta demand den depart depend depth derby desert design desk
detail detour device dial diary dice diesel differ dig digit dinner direct dish dive dizzy
doctor dog doll dollar domain dome donkey donor door dot double dough dove down dozen draft
dragon draw drawer dream dress drift drill drive drop drum dry duck due duet dune during dust
duty dwell eager eagle ear early earn earth ease easel east easy eat echo edge edit editor
effort egg eight either elbow elder elect eleven elk elm else embark ember emblem empire emu
enable end energy engage engine enigma enjoy enough enrich enroll enter entire entry equal equip
era erase errand essay estate even event ever every evolve exact except excite exhale exist exit
exotic expand expect expert export extend extra eye fable fabric face fact fade fair fairy faith
falcon fall fame family famous fan fancy far farm farmer fast feast feed feel feline fellow felt
fence fennel fern ferry fetch few fiddle field fiesta fifth fifty fig figure file fill film
filter final find fine finger finish fir firm first fish fit five fix fjord flag flame flap
flash flat flavor fleet flight flint flip float flock floor flour flow fluid flurry flute fly
foam focus fog foil fold folk follow fondue food foot forest forget fork form formal format fort
forum fossil found four fox frame free fresh friday fridge friend fringe frog front frost fruit
fuel full fun future gadget gain galaxy gallon game garage garden garlic gate gather gauge
gazebo gear gem genius gentle gerbil geyser giant gift giggle ginger give glad glance glass
glaze gleam glide globe glory glove glow glue goal goat gold golf good goose gorge gown grace
grade grain grand grant grape graph grass gravel gravy great green greet grid grill grin grip
groove ground group grove grow growth guess guest guide guitar gulf gum gust gym habit half hall
hammer hamper hand handle hang happen happily happy hard hare harmony harness harp harvest hat
hatch have haven hawk hay hazel head health hear heart heat heavy hedge heel height hello helmet
help helpful hen herb herd hero heron herring hexagon hiccup hidden high highway hike hill
hilltop hinge hire history hobby hockey hold hole holiday hollow home honest honey hood hop hope
hopeful horizon horn hornet horse host hotel hour house hover human humble humming hundred hurry
hut hybrid ice icicle icon idea ideal igloo image imagine impact import improve inch include
income index indoor inform inhale ink inn inner input insect inside inspect install instead
intact invent invest invite iris iron island issue item ivory ivy jacket jaguar jam january jar
jasmine jaw jazz jeans jelly jersey jewel jigsaw job jockey jog join joint joke jolly journal
journey joy juggle juice july jump june jungle junior juniper just kayak keen keep kernel kettle
key keypad kilt kimono kind king kiosk kitchen kite kitten kiwi knee knit knob knot know koala
label lace ladder lagoon lake lamb lamp land lane lantern lap large lark laser last latch late
later laugh launch laundry laurel lava lawn layer lead leaf league lean leap learn leather leave
lecture left leg legend lemon lend length lens lentil leopard lesson letter lettuce level lever
liberty library lid lift light like lilac lily limb lime limit line linen link lion lip liquid
list listen little live lizard llama load loaf loan lobby lobster local lock locker loft log
logic long look loom loop lot loud lounge love loyal luck lumber lunar lunch lyric machine magic
magnet mail main major make mallet mammal manage mango manner manor mantle many map maple marble
march margin marina mark market marsh mask mason mat match math matter maximum may maybe mayor
maze meadow meal measure medal media medium meet mellow melody melon member memory mention menu
mercury merge merit merry message metal method metro middle might mild mile milk mill million
mind mineral minimum minor mint minute mirror mist mitten mix mobile model modern modest moment
monday money monitor monkey month moon moose moral more morning mortar mosaic moss most moth
motion motor mount mouse mouth move movie much muffin mug mule muscle museum music must mustard
mutual mystery myth nail name napkin narrow nation nature navy near neat neck need needle nephew
nerve nest net network neutral never new news next nice nickel niece night nine noble noise
noodle noon normal north nose note notice novel now number nutmeg nylon oak oasis oat object
oboe observe obtain obvious occur ocean october octopus offer office often oil okay olive omelet
once onion only onto open opera opinion option orange orbit orchard orchid order organ origin
ostrich other otter ounce out outdoor outer outfit outlet outline outside oval oven over owl own
owner oxygen oyster pace pack paddle padlock page paint pair palace palm pan panda panel pantry
paper parade parcel park parrot parsley part partner party pass past pasta pastry patch path
patient patio pattern pause pave paw pay pea peace peach peak peanut pearl pebble pecan pedal
pelican pen pencil penguin people pepper perfect perform perfume perhaps person pet phone photo
phrase piano pick pickle picnic picture pie pier pigeon pillow pilot pin pine pioneer pipe pitch
pizza place plaid plain plan planet plank plant plaster plate play plaza please pledge plenty
plot plow plug plum plume plus pocket podium poem poet point polar pole polish polite pond pony
pool poplar poppy popular porch port portion post postage pot potato pottery pouch powder power
praise prefer prepare present press pretty pretzel price pride primary prince print prize
problem process produce product profile program project promise proof proper proud provide
public pudding puddle puffin pull pulse pump pumpkin pupil puppet puppy purple purpose purse
push puzzle pyramid quail quality quarter quartz queen quest quick quiet quill quilt quiz quota
quote rabbit raccoon race radar radio radish raft rail rain rainbow raise raisin rake ramp ranch
random range rapid rare rather rattle raven ray reach react read ready real reason rebuild
recall receipt receive recent recipe record recycle reduce reef refer reflect reform refresh
region regular relate relax relay relief rely remain remark remind remote remove renew rent
repair repeat reply request reserve resort respect respond rest result retail retire return
reveal review reward rhyme rhythm ribbon rice ride ridge ring rinse ripple rise river road roast
robin robot rock rocket rodeo roll roof room root rope rose rotate round routine row royal
rubber ruby rudder rug rule ruler run runner rural rustic saddle safari sage sail sailor salad
salary salmon salon salt salute same sample sand sandal satin sauce saucer save saw say scale
scarf scatter scene scenic scent school science scoop scooter score scout screen script scroll
sea seal search season seat second section sector seed seek seem segment select self senator
send senior sense sequel serve service session set settle seven several shade shake shallow
shape share sharp sheep sheet shelf shell sheriff shield shift shine ship shirt shoe shop shore
short shovel show shower shrimp shrub sibling side sight sign signal silent silk silver similar
simple since sing sister site six sixty size skate sketch ski skill skip skirt sky slab slate
sled sleep sleeve slice slide slight slipper slogan slope slow smart smile smooth snack snail
snap snow soap soccer sock soda sofa soft soil solar solid solo solve some son song soon sort
sound soup source south space spare spark speak special speech speed spell spend sphere spice
spider spin spinach spiral spirit splash spoke sponge spoon sport spot spray spread spring
sprout spruce square squash stable stadium staff stage stair stamp stand star start state
station statue stay steady steam steel stem step stereo stew stick still stir stitch stock stone
stool stop storage store storm story stove strand straw stream street stretch string stripe
strong student studio study stuff style subject submit subway succeed such sudden sugar suggest
suit suite summer summit sunday sunny sunset super supper supply support sure surf surface surge
surplus survey sushi swallow swamp swan swap sway sweater sweep swift swim swing switch symbol
syrup system table tablet tackle taco tail tailor take talent talk tall tandem tango tank tape
target task taste taxi tea teach team teapot tell temple ten tenant tennis tent term text thank
that theme then theory there thimble thing think third thirty this thread three thrive throw
thumb thunder ticket tidal tide tidy tie tiger tile till timber time tin tint tiny tip tissue
title toast today toe toffee token tomato tone tongue tonight tool tooth top topic torch total
touch tour toward towel tower town toy trace track tractor trade traffic trail train trait tram
travel tray treat tree trek trend trick trim trip trolley trophy tropic trout truck true trumpet
trust truth try tub tube tuesday tuft tug tulip tuna tundra tunnel turbo turkey turn turtle
tutor twelve twenty twice twig twin twist two type ukulele umpire uncle under unfold uniform
union unique unit unity until unusual update upgrade uphold upon upper upward urban use useful
usher usual utensil utility vacant valid valley value valve van vanilla various vase vast vault
velvet vendor venture venue verb verify verse version very vessel veteran video view village
vine vintage vinyl violet violin visit visor vital vivid voice volcano volume vote vowel voyage
waffle wage wagon wait wake walk wall wallet walnut walrus want warm wash watch water wave wax
way wealth wear weather web wedge weekend welcome well west wet whale wheat wheel when whisk
whisper whistle wick wide width wild willow win wind window wing winner winter wire wise wish
with within wolf wonder wood wool word work world worth wrap wren wrist write yacht yard yarn
year yeast yellow yes yet yogurt you youth zebra zero zigzag zinc zipper zone zoo
"""
COMMON_WORDS: Final = tuple(_COMMON_WORDS.split())
