"""What platforms need: acts, files, who can be reached, topics."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import copbot.store.base

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def new_columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    """By table; the defaults are for rows that are there already."""
    return {
        'accounts': (
            sa.Column('unreachable', sa.String(), nullable=False, server_default='',
                      comment='Why copbot cannot write to them in private, if so: never started, blocked or deactivated'),
            sa.Column('unreachable_at', copbot.store.base.Instant(timezone=True), nullable=True,
                      comment='Since when copbot cannot write to them'),
        ),
        'rooms': (
            sa.Column('unreachable', sa.String(), nullable=False, server_default='',
                      comment='Why copbot cannot write there, if so: not allowed'),
            sa.Column('unreachable_at', copbot.store.base.Instant(timezone=True), nullable=True,
                      comment='Since when copbot cannot write there'),
            sa.Column('topics', sa.JSON(), nullable=False, server_default='{}',
                      comment='The topics where practices and check-ins are told'),
        ),
        'outbox': (
            sa.Column('within', sa.String(), nullable=False, server_default='',
                      comment='The group where one may be shown it who is not to be had in private'),
            sa.Column('act', sa.String(), nullable=False, server_default='say', comment='say, strip, remove or forget'),
            sa.Column('prompts', sa.Boolean(), nullable=False, server_default=sa.false(),
                      comment='Whether own words are expected in answer, in a group'),
            sa.Column('pressable', sa.Boolean(), nullable=False, server_default=sa.false(),
                      comment='Whether its choices can be pressed where it was sent'),
        ),
    }


def describe(states: str) -> None:
    """What the state of a message may be; SQLite keeps no comments."""
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('outbox', 'state', comment=states)


def upgrade() -> None:
    op.create_table('tickets',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the token'),
    sa.Column('digest', sa.String(), nullable=False, comment='SHA-256 of the token'),
    sa.Column('account_id', sa.Integer(), nullable=False, comment='The account it leads in'),
    sa.Column('letter_id', sa.Integer(), nullable=False, comment='Number of the message that waits there'),
    sa.Column('made_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it was made'),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_tickets_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('digest', name=op.f('uq_tickets_digest')),
    comment='Single-use tokens that lead somebody into their private chat, each kept as its hash',
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_tickets_account_id'), 'tickets', ['account_id'])

    op.create_table('attachments',
    sa.Column('id', sa.Integer(), nullable=False, comment='Number of the file'),
    sa.Column('member_id', sa.Integer(), nullable=False, comment='Who gave it'),
    sa.Column('practice_id', sa.Integer(), nullable=True, comment='The practice it belongs to, if it is one'),
    sa.Column('draft_id', sa.Integer(), nullable=True, comment='The draft it belongs to, if it is one'),
    sa.Column('checkin_id', sa.Integer(), nullable=True, comment='The check-in it belongs to, if it is one'),
    sa.Column('part', sa.String(), nullable=False, comment='The question it answered'),
    sa.Column('platform', sa.String(), nullable=False, comment='The platform on which it lies'),
    sa.Column('kind', sa.String(), nullable=False, comment='picture, voice, audio, video or document'),
    sa.Column('reference', sa.String(), nullable=False, comment='Where it lies there'),
    sa.Column('name', sa.String(), nullable=False, comment='The name it came with'),
    sa.Column('media_type', sa.String(), nullable=False, comment='Its type, as the platform says'),
    sa.Column('size', sa.BigInteger(), nullable=False, comment='How many bytes it has; 0 where that is not known'),
    sa.Column('caption', sa.String(), nullable=False, comment='What was written with it'),
    sa.Column('added_at', copbot.store.base.Instant(timezone=True), nullable=False, comment='When it came'),
    sa.ForeignKeyConstraint(['checkin_id'], ['checkins.id'], name=op.f('fk_attachments_checkin_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['draft_id'], ['practice_drafts.id'], name=op.f('fk_attachments_draft_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_attachments_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['practice_id'], ['practices.id'], name=op.f('fk_attachments_practice_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments')),
    comment='Files that members gave with practices and answers; they stay on the platform',
    sqlite_autoincrement=True
    )
    for column in ('checkin_id', 'draft_id', 'member_id', 'practice_id'):
        op.create_index(op.f(f'ix_attachments_{column}'), 'attachments', [column])

    for table, columns in new_columns().items():
        for new in columns:
            op.add_column(table, new)
    op.create_index('ix_outbox_pressable', 'outbox', ['question_id'],
                    sqlite_where=sa.text('pressable'), postgresql_where=sa.text('pressable'))
    op.create_index('ix_questions_before', 'questions', ['before'])
    describe('waiting, sent, held, expired, unreachable or failed')

    with op.batch_alter_table('invitations') as batch_op:
        batch_op.add_column(sa.Column('community_id', sa.Integer(), nullable=True,
                                      comment='The community the group is to belong to, if any'))
        batch_op.create_index(batch_op.f('ix_invitations_community_id'), ['community_id'])
        batch_op.create_foreign_key(batch_op.f('fk_invitations_community_id'), 'communities', ['community_id'], ['id'],
                                    ondelete='CASCADE')


def downgrade() -> None:
    describe('waiting, sent, expired, unreachable or failed')
    with op.batch_alter_table('invitations') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_invitations_community_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_invitations_community_id'))
        batch_op.drop_column('community_id')
    op.drop_index('ix_questions_before', 'questions')
    op.drop_index('ix_outbox_pressable', 'outbox')
    for table, columns in new_columns().items():
        for column in columns:
            op.drop_column(table, column.name)  # in place: made anew, a table would forget that numbers never come back
    op.drop_table('attachments')
    op.drop_table('tickets')
