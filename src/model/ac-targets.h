/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages that an action on a cluster is about, as they were found: how many, and each of them
 * with what came of it. Immutable. */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

/* What an action tells of its targets; see “Targets” in data/openapi.yaml. */
typedef struct
{
  char *digest; /* nullable: not looked yet. An approval names it */
  gint64 looked_at;
  guint64 messages;
  guint64 mailboxes;
  guint64 unreadable; /* mailboxes that could not be looked at */
  guint64 first_messages;
  gint64 first_looked_at;
  guint64 added; /* since it was approved last and came back; 0 with removed: it did not */
  guint64 removed;
  gint64 changed_at;
} AcTargets;

AcTargets *
ac_targets_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error);
void ac_targets_free (AcTargets *targets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcTargets, ac_targets_free)

/* One message in one mailbox. */
typedef struct
{
  char *mailbox;
  char *message_id; /* nullable */
  char *subject;    /* nullable */
  char *sender;     /* nullable */
  char *folder;     /* nullable */
  gint64 received_at;
  char *outcome; /* nullable, raw: nothing was done yet */
  char *detail;  /* nullable */
  gint64 at;
} AcTarget;

void ac_target_free (AcTarget *target);

/* A mailbox that could not be looked at. */
typedef struct
{
  char *mailbox;
  char *problem;
} AcUnreadableMailbox;

typedef struct
{
  GPtrArray *items;      /* of AcTarget */
  GPtrArray *unreadable; /* of AcUnreadableMailbox */
  GHashTable *counts;    /* outcome → number, as GUINT_TO_POINTER; “” for none yet */
  guint64 total;
  gboolean looking;
  char *next_cursor; /* nullable: the last page */
} AcTargetPage;

AcTargetPage *ac_target_page_new_from_json (JsonObject *object, GError **error);
guint ac_target_page_count (const AcTargetPage *page, const char *outcome);
void ac_target_page_free (AcTargetPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcTargetPage, ac_target_page_free)

G_END_DECLS
