"""The tables of the house."""

import sqlalchemy as sa
from alembic import op

import copbot.store.base

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


#: Full-text search, which Alembic does not know: an FTS5 table that follows search_entries, or a GIN index on it.
SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(terms, content='search_entries', content_rowid='practice_id',
        detail='none', columnsize=0, tokenize="ascii tokenchars ':#'")""",
    """CREATE TRIGGER search_entries_inserted AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_index(rowid, terms) VALUES (new.practice_id, new.terms); END""",
    """CREATE TRIGGER search_entries_deleted AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.practice_id, old.terms); END""",
    """CREATE TRIGGER search_entries_updated AFTER UPDATE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.practice_id, old.terms);
        INSERT INTO search_index(rowid, terms) VALUES (new.practice_id, new.terms); END""",
)
POSTGRESQL = (
    """CREATE INDEX ix_search_entries_terms ON search_entries
        USING gin (array_to_tsvector(string_to_array(terms, ' '))) WITH (fastupdate = off)""",
)


def upgrade() -> None:
    op.create_table('communities',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the community'),
    sa.Column('name', sa.String(), nullable=False, comment='What the community calls itself'),
    sa.Column('language', sa.String(), nullable=False, comment='Language of the group: fr or en'),
    sa.Column('zone', sa.String(), nullable=False, comment='Time zone of the group, an IANA name'),
    sa.Column('created_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When copbot came'),
    sa.Column('settings', sa.JSON(), nullable=False, comment='Choices of the community, by name'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_communities')),
    comment='The communities and what they chose: name, language, zone, rhythm',
    sqlite_autoincrement=True
    )
    op.create_table('cursors',
    sa.Column('platform', sa.String(), nullable=False, comment='telegram, matrix or console'),
    sa.Column('position', sa.String(), nullable=False, comment="The platform's own mark of how far copbot has read"),
    sa.PrimaryKeyConstraint('platform', name=op.f('pk_cursors')),
    comment='How far copbot has read on each platform'
    )
    op.create_table('invitations',
    sa.Column('digest', sa.String(), nullable=False, comment='SHA-256 of the code'),
    sa.Column('expires_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When the code stops working'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_invitations')),
    comment='One-time codes that open copbot to a group, each kept as its hash'
    )
    op.create_table('accounts',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the account'),
    sa.Column('platform', sa.String(), nullable=False, comment='telegram, matrix or console'),
    sa.Column('user', sa.String(), nullable=False, comment="The platform's id of the person"),
    sa.Column('name', sa.String(), nullable=False, comment='The name the person shows on the platform'),
    sa.Column('language', sa.String(), nullable=True, comment='Language to write to them in, if they chose one'),
    sa.Column('easy', sa.Boolean(), nullable=False, comment='Whether they asked for easy-to-read messages'),
    sa.Column('zone', sa.String(), nullable=True, comment="Their time zone, if not the community's"),
    sa.Column('hours_from', sa.Time(), nullable=False, comment='Copbot writes to them from this hour on'),
    sa.Column('hours_to', sa.Time(), nullable=False, comment='Copbot writes to them until this hour'),
    sa.Column('community_id', sa.Integer(), nullable=True, comment='The community they mean when writing in private'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_accounts_community_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('platform', 'user', name=op.f('uq_accounts_platform_user')),
    comment='Accounts on the platforms of the people who are members of a community',
    sqlite_autoincrement=True
    )
    op.create_table('meetings',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the row'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community'),
    sa.Column('number', sa.Integer(), nullable=False, comment='Number of the meeting in its community, as people write it'),
    sa.Column('theme', sa.String(), nullable=False, comment='What the meeting is about'),
    sa.Column('starts_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When it begins, once that is known'),
    sa.Column('place', sa.String(), nullable=False, comment='Where it is held: a town, a room, a link'),
    sa.Column('created_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it came into the programme'),
    sa.Column('done_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When a facilitator said that it took place'),
    sa.Column('cancelled_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When it was cancelled, if it was'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_meetings_community_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_meetings_community_id_number')),
    comment='The programme of a community: its meetings with theme, date and place',
    sqlite_autoincrement=True
    )
    op.create_table('practice_shelves',
    sa.Column('community_id', sa.Integer(), autoincrement=False, nullable=False, comment='The community'),
    sa.Column('last', sa.Integer(), nullable=False, comment='The highest number given so far'),
    sa.Column('terms', sa.String(), nullable=False, comment='Language and version of the terms its index was made of'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_practice_shelves_community_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('community_id', name=op.f('pk_practice_shelves')),
    comment="How far the numbers of a community's practices have come"
    )
    op.create_table('rooms',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the room'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community that lives here'),
    sa.Column('platform', sa.String(), nullable=False, comment='telegram, matrix or console'),
    sa.Column('room', sa.String(), nullable=False, comment="The platform's id of the group"),
    sa.Column('left_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When copbot was put out of it, if it was'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_rooms_community_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rooms')),
    sa.UniqueConstraint('platform', 'room', name=op.f('uq_rooms_platform_room')),
    comment='The groups on the platforms in which a community lives',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('rooms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rooms_community_id'), ['community_id'], unique=False)

    op.create_table('search_words',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the word'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community'),
    sa.Column('word', sa.String(), nullable=False, comment='The word in lower case without accents'),
    sa.Column('uses', sa.Integer(), nullable=False, comment='How many practices use it'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_search_words_community_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_words')),
    sa.UniqueConstraint('community_id', 'word', name=op.f('uq_search_words_community_id_word')),
    comment="The distinct words of a community's practices, to recognise typing errors",
    sqlite_autoincrement=True
    )
    op.create_table('synonyms',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the row'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community'),
    sa.Column('term', sa.String(), nullable=False, comment='A word or an acronym as it was written'),
    sa.Column('meaning', sa.String(), nullable=False, comment='What means the same, as it was written'),
    sa.Column('folded', sa.String(), nullable=False, comment='The word in lower case without accents, to compare'),
    sa.Column('folded_meaning', sa.String(), nullable=False, comment='Its meaning in lower case without accents, to compare'),
    sa.Column('created_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it was added'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_synonyms_community_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_synonyms')),
    sa.UniqueConstraint('community_id', 'folded', 'folded_meaning', name=op.f('uq_synonyms_community_id_folded_folded_meaning')),
    comment='Words and acronyms that mean the same to a community',
    sqlite_autoincrement=True
    )
    op.create_table('members',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the membership'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community'),
    sa.Column('account_id', sa.Integer(), nullable=False, comment='The account of the person'),
    sa.Column('facilitator', sa.Boolean(), nullable=False, comment='Whether a facilitator named them facilitator'),
    sa.Column('joined_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When they joined'),
    sa.Column('left_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When they left, if they did'),
    sa.Column('consented_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When they last said what copbot may do'),
    sa.Column('consents', sa.JSON(), nullable=False, comment='The purposes they allow, by name'),
    sa.Column('charter', sa.Integer(), nullable=True, comment='Version of the charter they agreed to'),
    sa.Column('charter_asked', sa.Integer(), nullable=True, comment='Newest version of the charter they were asked about'),
    sa.Column('paused_until', copbot.store.base.Instant(timezone=True), nullable=True, comment='Copbot does not write first before this moment'),
    sa.Column('silent_rounds', sa.Integer(), nullable=False, comment='Check-ins in a row left unanswered, to keep quiet'),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_members_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_members_community_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_members')),
    sa.UniqueConstraint('community_id', 'account_id', name=op.f('uq_members_community_id_account_id')),
    comment='Who is a member of which community, and what they allowed',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_members_account_id'), ['account_id'], unique=False)

    op.create_table('search_slips',
    sa.Column('word_id', sa.Integer(), autoincrement=False, nullable=False, comment='The word'),
    sa.Column('slip', sa.String(), nullable=False, comment='The word less one letter'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_search_slips_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['word_id'], ['search_words.id'], name=op.f('fk_search_slips_word_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('word_id', 'slip', name=op.f('pk_search_slips')),
    comment='The same words less one letter each, to find those that are one typing error apart',
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_slips', schema=None) as batch_op:
        batch_op.create_index('ix_search_slips_slip', ['community_id', 'slip'], unique=False)

    op.create_table('checkin_rounds',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the round'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community that is asked'),
    sa.Column('opener_id', sa.Integer(), nullable=True, comment='The facilitator who opened it, if somebody did'),
    sa.Column('question', sa.String(), nullable=False, comment='The question asked in this round only, if there is one'),
    sa.Column('opened_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it opened'),
    sa.Column('closes_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='Until when answers are in time for the digest'),
    sa.Column('closed_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When it closed'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_checkin_rounds_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['opener_id'], ['members.id'], name=op.f('fk_checkin_rounds_opener_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkin_rounds')),
    comment='The rounds of check-ins of a community: when they were open and who opened them',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('checkin_rounds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checkin_rounds_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_checkin_rounds_opener_id'), ['opener_id'], unique=False)

    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the message, also its id when it is sent again'),
    sa.Column('community_id', sa.Integer(), nullable=True, comment='The community it belongs to'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='The member it is for, when it is private'),
    sa.Column('platform', sa.String(), nullable=False, comment='telegram, matrix or console'),
    sa.Column('room', sa.String(), nullable=False, comment="The group, or the person's id on the platform"),
    sa.Column('private', sa.Boolean(), nullable=False, comment='Whether it goes to one person in private'),
    sa.Column('thread', sa.String(), nullable=False, comment='The thread in the group'),
    sa.Column('text', sa.String(), nullable=True, comment='The words, until they are sent'),
    sa.Column('choices', sa.JSON(), nullable=False, comment='The answers offered under it, until it is sent'),
    sa.Column('reply_to', sa.String(), nullable=False, comment="The platform's id of the message it answers"),
    sa.Column('attachment', sa.JSON(), nullable=True, comment='Name and type of its file, until it is sent'),
    sa.Column('content', sa.LargeBinary(), nullable=True, comment='The file, until it is sent'),
    sa.Column('confidential', sa.Boolean(), nullable=False, comment='Whether platforms must protect it from copying'),
    sa.Column('leave', sa.Boolean(), nullable=False, comment='Whether copbot leaves the group after it'),
    sa.Column('about', sa.String(), nullable=False, comment='What it is about, such as practice:14'),
    sa.Column('question_id', sa.Integer(), nullable=True, comment='Number of the question it asks, if it asks one'),
    sa.Column('dedupe', sa.String(), nullable=True, comment='What makes it the same message if said twice'),
    sa.Column('state', sa.String(), nullable=False, comment='waiting, sent, expired, unreachable or failed'),
    sa.Column('attempts', sa.Integer(), nullable=False, comment='How often sending it failed'),
    sa.Column('created_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it was decided'),
    sa.Column('not_before', copbot.store.base.Instant(timezone=True), nullable=True, comment='When to try again'),
    sa.Column('expires_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When it is of no more use'),
    sa.Column('message', sa.String(), nullable=False, comment="The platform's id of the sent message"),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_outbox_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_outbox_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('dedupe', name=op.f('uq_outbox_dedupe')),
    comment="Messages of copbot's that wait to be sent, and for a while what a sent one was about",
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_member_id'), ['member_id'], unique=False)
        batch_op.create_index('ix_outbox_message', ['platform', 'room', 'message'], unique=False)
        batch_op.create_index('ix_outbox_waiting', ['id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('practice_drafts',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the draft'),
    sa.Column('member_id', sa.Integer(), nullable=False, comment='Who puts it down'),
    sa.Column('author_id', sa.Integer(), nullable=False, comment='Whose practice it is'),
    sa.Column('tags', sa.JSON(), nullable=False, comment='The words to file it under'),
    sa.Column('reached', sa.String(), nullable=False, comment='The part that was asked for last'),
    sa.Column('changed_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When something was last answered'),
    sa.Column('title', sa.String(), nullable=False, comment='What it is called'),
    sa.Column('context', sa.String(), nullable=False, comment='In what situation it was done'),
    sa.Column('did', sa.String(), nullable=False, comment='What was done'),
    sa.Column('changed', sa.String(), nullable=False, comment='What it changed'),
    sa.Column('redo', sa.String(), nullable=False, comment='What one needs to do it again elsewhere'),
    sa.Column('named', sa.Boolean(), nullable=False, comment='Whether its author is shown by name'),
    sa.Column('platform', sa.String(), nullable=False, comment='Platform of the message it was taken from'),
    sa.Column('room', sa.String(), nullable=False, comment='Group of the message it was taken from'),
    sa.Column('message', sa.String(), nullable=False, comment='Id of the message it was taken from, to follow its edits'),
    sa.ForeignKeyConstraint(['author_id'], ['members.id'], name=op.f('fk_practice_drafts_author_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_practice_drafts_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_drafts')),
    comment='Practices being put down, kept when their writers are interrupted',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('practice_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_practice_drafts_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_practice_drafts_member_id'), ['member_id'], unique=False)

    op.create_table('practice_wishes',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the row'),
    sa.Column('member_id', sa.Integer(), nullable=False, comment='Who wants to know'),
    sa.Column('words', sa.String(), nullable=False, comment='What they searched for'),
    sa.Column('created_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When they asked'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_practice_wishes_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_wishes')),
    sa.UniqueConstraint('member_id', 'words', name=op.f('uq_practice_wishes_member_id_words')),
    comment='What members searched for in vain and want to be told of when somebody shares it',
    sqlite_autoincrement=True
    )
    op.create_table('practices',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the practice among all communities'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community it was shared in'),
    sa.Column('number', sa.Integer(), nullable=False, comment='Number of the practice in its community'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='Its author, unless they erased themselves'),
    sa.Column('curator_id', sa.Integer(), nullable=True, comment='Who put down the words of another, if so'),
    sa.Column('created_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it was shared'),
    sa.Column('changed_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When its words last changed'),
    sa.Column('shown', sa.Integer(), nullable=False, comment='How often it was brought to light in the group'),
    sa.Column('title', sa.String(), nullable=False, comment='What it is called'),
    sa.Column('context', sa.String(), nullable=False, comment='In what situation it was done'),
    sa.Column('did', sa.String(), nullable=False, comment='What was done'),
    sa.Column('changed', sa.String(), nullable=False, comment='What it changed'),
    sa.Column('redo', sa.String(), nullable=False, comment='What one needs to do it again elsewhere'),
    sa.Column('named', sa.Boolean(), nullable=False, comment='Whether its author is shown by name'),
    sa.Column('platform', sa.String(), nullable=False, comment='Platform of the message it was taken from'),
    sa.Column('room', sa.String(), nullable=False, comment='Group of the message it was taken from'),
    sa.Column('message', sa.String(), nullable=False, comment='Id of the message it was taken from, to follow its edits'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_practices_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['curator_id'], ['members.id'], name=op.f('fk_practices_curator_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_practices_member_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practices')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_practices_community_id_number')),
    comment='What members did and told the others, part by part',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('practices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_practices_curator_id'), ['curator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_practices_member_id'), ['member_id'], unique=False)
        batch_op.create_index('ix_practices_message', ['platform', 'room', 'message'], unique=False)

    op.create_table('questions',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the question'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community it was asked in'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='The member it was asked, if it was one member'),
    sa.Column('platform', sa.String(), nullable=False, comment='telegram, matrix or console'),
    sa.Column('room', sa.String(), nullable=False, comment='The group it was asked in; empty in private'),
    sa.Column('step', sa.String(), nullable=False, comment='The step that takes the answer, such as checkins.where'),
    sa.Column('state', sa.JSON(), nullable=False, comment='What the step needs to know, such as the number of a draft'),
    sa.Column('choices', sa.JSON(), nullable=False, comment='The answers offered: pairs of key and label'),
    sa.Column('free', sa.Boolean(), nullable=False, comment="Whether an answer in one's own words is welcome"),
    sa.Column('text', sa.String(), nullable=False, comment='The question as it was asked, to ask it again'),
    sa.Column('asked_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it was asked'),
    sa.Column('before', sa.Integer(), nullable=True, comment='The question before it in the same conversation, to go back'),
    sa.Column('closed', sa.Boolean(), nullable=False, comment='Whether it was answered; kept a while to go back'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_questions_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_questions_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions')),
    comment='Questions copbot asked and that can still be answered, with what was answered on the way',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questions_community_id'), ['community_id'], unique=False)
        batch_op.create_index('ix_questions_member', ['member_id', 'room', 'id'], unique=False)

    op.create_table('reminders',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the reminder in the database'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community it was set in'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='The member it is for; none: it is for the group'),
    sa.Column('author_id', sa.Integer(), nullable=True, comment='The member who set it'),
    sa.Column('number', sa.Integer(), nullable=False, comment='The small number under which the member or the group knows it'),
    sa.Column('text', sa.String(), nullable=False, comment="What to remind of, in the member's words"),
    sa.Column('starts', sa.String(), nullable=False, comment='First time by the clock on the wall, ISO 8601, no zone'),
    sa.Column('rule', sa.String(), nullable=False, comment='How it repeats, an RFC 5545 rule; empty for once'),
    sa.Column('created_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it was set'),
    sa.Column('closed_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When it was done, taken back, or came for the only time'),
    sa.ForeignKeyConstraint(['author_id'], ['members.id'], name=op.f('fk_reminders_author_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_reminders_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_reminders_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminders')),
    comment='What members asked to be reminded of, and when',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminders_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reminders_member_id'), ['member_id'], unique=False)
        batch_op.create_index('ix_reminders_open', ['community_id', 'member_id', 'number'], unique=False)

    op.create_table('schedules',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the schedule'),
    sa.Column('key', sa.String(), nullable=True, comment='What makes it the same schedule if set twice'),
    sa.Column('kind', sa.String(), nullable=False, comment='The job that takes it, such as reminders.fire'),
    sa.Column('community_id', sa.Integer(), nullable=True, comment='The community that owns it'),
    sa.Column('member_id', sa.Integer(), nullable=True, comment='The member it is for, if it is for one'),
    sa.Column('subject', sa.Integer(), nullable=True, comment='Number of the row it is about, such as a reminder'),
    sa.Column('state', sa.JSON(), nullable=False, comment='What else the job needs to know'),
    sa.Column('starts', sa.String(), nullable=False, comment='First time by the clock on the wall, ISO 8601, no zone'),
    sa.Column('rule', sa.String(), nullable=False, comment='How it repeats, an RFC 5545 rule; empty for once'),
    sa.Column('zone', sa.String(), nullable=False, comment='The zone in which the clock hangs'),
    sa.Column('next_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it is due next'),
    sa.Column('failures', sa.Integer(), nullable=False, comment='How often in a row it went wrong'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_schedules_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_schedules_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedules')),
    sa.UniqueConstraint('key', name=op.f('uq_schedules_key')),
    comment='What copbot does at a time: what, for whom, when next and how it repeats',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('schedules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_schedules_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_schedules_member_id'), ['member_id'], unique=False)
        batch_op.create_index('ix_schedules_next_at', ['next_at'], unique=False)

    op.create_table('checkins',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the check-in'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community'),
    sa.Column('member_id', sa.Integer(), nullable=False, comment='The member who answers'),
    sa.Column('round_id', sa.Integer(), nullable=True, comment='The round; empty for an answer between rounds'),
    sa.Column('began_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When they were asked or began by themselves'),
    sa.Column('asked_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When copbot asked them, if it did'),
    sa.Column('nudges', sa.Integer(), nullable=False, comment='How often they were reminded of it, twice at most'),
    sa.Column('passed', sa.Boolean(), nullable=False, comment='Whether they passed this time'),
    sa.Column('stage', sa.String(), nullable=False, comment='The question they have come to; done at the end'),
    sa.Column('meant', sa.String(), nullable=False, comment='What they had meant to try since last time'),
    sa.Column('meant_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When they had meant it'),
    sa.Column('meant_openly', sa.Boolean(), nullable=False, comment='Whether the group knows by name that they meant it'),
    sa.Column('outcome', sa.String(), nullable=False, comment='What came of it: tried, not_yet or dropped'),
    sa.Column('happened', sa.String(), nullable=False, comment='What happened when they tried, in their words'),
    sa.Column('helped', sa.String(), nullable=False, comment='What helped, in their words'),
    sa.Column('effect', sa.String(), nullable=False, comment='Who felt it: me, team, network or early to say'),
    sa.Column('obstacle', sa.String(), nullable=False, comment='What stood in the way: time, means, priority, knowhow or other'),
    sa.Column('hindered', sa.String(), nullable=False, comment='What stood in the way, in their words'),
    sa.Column('reply', sa.String(), nullable=False, comment='Their answer to the question of this round'),
    sa.Column('intention', sa.String(), nullable=False, comment='What they would like to try until next time'),
    sa.Column('audience', sa.String(), nullable=False, comment='Who may read it: named, nameless, facilitators; empty: nobody'),
    sa.Column('answered_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When they last answered something'),
    sa.Column('counted_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When a digest counted it'),
    sa.Column('told_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When a digest told it; from then on it does not change'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_checkins_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_checkins_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['checkin_rounds.id'], name=op.f('fk_checkins_round_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkins')),
    sa.UniqueConstraint('round_id', 'member_id', name=op.f('uq_checkins_round_id_member_id')),
    comment='What members answered in check-ins: what they meant to try, what came of it, who may read it',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('checkins', schema=None) as batch_op:
        batch_op.create_index('ix_checkins_community_id_answered_at', ['community_id', 'answered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_checkins_member_id'), ['member_id'], unique=False)

    op.create_table('practice_tags',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the row'),
    sa.Column('practice_id', sa.Integer(), nullable=False, comment='The practice'),
    sa.Column('tag', sa.String(), nullable=False, comment='The word in lower case without accents, to compare'),
    sa.Column('label', sa.String(), nullable=False, comment='The word as it was written'),
    sa.ForeignKeyConstraint(['practice_id'], ['practices.id'], name=op.f('fk_practice_tags_practice_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_tags')),
    sa.UniqueConstraint('practice_id', 'tag', name=op.f('uq_practice_tags_practice_id_tag')),
    comment='Words under which practices are filed',
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('practice_tags', schema=None) as batch_op:
        batch_op.create_index('ix_practice_tags_tag', ['tag'], unique=False)

    op.create_table('practice_trials',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the row'),
    sa.Column('practice_id', sa.Integer(), nullable=False, comment='The practice'),
    sa.Column('member_id', sa.Integer(), nullable=False, comment='Who tried it'),
    sa.Column('worked', sa.Boolean(), nullable=False, comment='Whether it worked for them'),
    sa.Column('words', sa.String(), nullable=False, comment='What they say of it'),
    sa.Column('at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When they said so'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_practice_trials_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['practice_id'], ['practices.id'], name=op.f('fk_practice_trials_practice_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_trials')),
    sa.UniqueConstraint('practice_id', 'member_id', name=op.f('uq_practice_trials_practice_id_member_id')),
    comment="Who tried a practice of somebody else's, whether it worked, and what they say of it",
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('practice_trials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_practice_trials_member_id'), ['member_id'], unique=False)

    op.create_table('search_entries',
    sa.Column('practice_id', sa.Integer(), autoincrement=False, nullable=False, comment='The practice'),
    sa.Column('terms', sa.Text(), nullable=False, comment='The stems of its words, each behind the number of its community'),
    sa.Column('titled', sa.Text(), nullable=False, comment='The stems of the words of its title'),
    sa.Column('words', sa.Text(), nullable=False, comment='Its distinct words, without accents'),
    sa.ForeignKeyConstraint(['practice_id'], ['practices.id'], name=op.f('fk_search_entries_practice_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('practice_id', name=op.f('pk_search_entries')),
    comment='The terms under which each practice is found'
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS search_index")
    op.drop_table('search_entries')
    with op.batch_alter_table('practice_trials', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_practice_trials_member_id'))

    op.drop_table('practice_trials')
    with op.batch_alter_table('practice_tags', schema=None) as batch_op:
        batch_op.drop_index('ix_practice_tags_tag')

    op.drop_table('practice_tags')
    with op.batch_alter_table('checkins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checkins_member_id'))
        batch_op.drop_index('ix_checkins_community_id_answered_at')

    op.drop_table('checkins')
    with op.batch_alter_table('schedules', schema=None) as batch_op:
        batch_op.drop_index('ix_schedules_next_at')
        batch_op.drop_index(batch_op.f('ix_schedules_member_id'))
        batch_op.drop_index(batch_op.f('ix_schedules_community_id'))

    op.drop_table('schedules')
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.drop_index('ix_reminders_open')
        batch_op.drop_index(batch_op.f('ix_reminders_member_id'))
        batch_op.drop_index(batch_op.f('ix_reminders_author_id'))

    op.drop_table('reminders')
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index('ix_questions_member')
        batch_op.drop_index(batch_op.f('ix_questions_community_id'))

    op.drop_table('questions')
    with op.batch_alter_table('practices', schema=None) as batch_op:
        batch_op.drop_index('ix_practices_message')
        batch_op.drop_index(batch_op.f('ix_practices_member_id'))
        batch_op.drop_index(batch_op.f('ix_practices_curator_id'))

    op.drop_table('practices')
    op.drop_table('practice_wishes')
    with op.batch_alter_table('practice_drafts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_practice_drafts_member_id'))
        batch_op.drop_index(batch_op.f('ix_practice_drafts_author_id'))

    op.drop_table('practice_drafts')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_outbox_message')
        batch_op.drop_index(batch_op.f('ix_outbox_member_id'))
        batch_op.drop_index(batch_op.f('ix_outbox_community_id'))

    op.drop_table('outbox')
    with op.batch_alter_table('checkin_rounds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checkin_rounds_opener_id'))
        batch_op.drop_index(batch_op.f('ix_checkin_rounds_community_id'))

    op.drop_table('checkin_rounds')
    with op.batch_alter_table('search_slips', schema=None) as batch_op:
        batch_op.drop_index('ix_search_slips_slip')

    op.drop_table('search_slips')
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_members_account_id'))

    op.drop_table('members')
    op.drop_table('synonyms')
    op.drop_table('search_words')
    with op.batch_alter_table('rooms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rooms_community_id'))

    op.drop_table('rooms')
    op.drop_table('practice_shelves')
    op.drop_table('meetings')
    op.drop_table('accounts')
    op.drop_table('invitations')
    op.drop_table('cursors')
    op.drop_table('communities')
