"""Listeners: who reads what members say in confidence.

Revision ID: 0003
Revises: 0002
"""
import sqlalchemy as sa
from alembic import op

import copbot.store.base

revision = "0003"
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('listeners',
    sa.Column('member_id', sa.Integer(), autoincrement=False, nullable=False, comment='Who listens'),
    sa.Column('community_id', sa.Integer(), nullable=False, comment='The community they listen to'),
    sa.Column('accepted_at', copbot.store.base.Instant(timezone=True), nullable=True, comment='When they agreed to listen'),
    sa.Column('key', sa.String(), nullable=False, comment='The public half of their own key; empty without one'),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_listeners_community_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_listeners_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_listeners')),
    comment='Members who listen: known to all, asked by a facilitator, willing themselves'
    )
    op.create_index(op.f('ix_listeners_community_id'), 'listeners', ['community_id'])


def downgrade() -> None:
    op.drop_table('listeners')
