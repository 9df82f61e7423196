/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block list: what is blocked where, by which action, until when and why. One entry for each
 * action at each enforcement point, so that taking one action back leaves what another one still
 * blocks. Holds the list in memory and in its own text form; ac-block-list-file.h keeps it on disk.
 *
 * The text form is UTF-8, one entry a line, six fields parted by one blank each, none of which
 * holds a blank:
 *
 *   action-center-block-list 1
 *   proxy url - 0198c0de evil.test/login?id=7 Phishing
 *   dns domain 2027-01-01T00:00:00Z 0198c0df evil.test -
 *   end 2
 *
 * the enforcement point, the scope, until when (“-”: until it is taken off), the action, what is
 * blocked (the host or the URL without its scheme) and the reason, the last three percent-encoded.
 * Where a domain is blocked in DNS beside a rule that no action has made, “%21name%21” or
 * “%21below%21” stands before the reason: programs from before take that for a part of it.
 * The last line counts the entries: a list that was cut off is no list. */
#pragma once

#include "responders/ac-url-pattern.h"

G_BEGIN_DECLS

#define AC_BLOCK_LIST_ERROR (ac_block_list_error_quark ())
typedef enum
{
  AC_BLOCK_LIST_ERROR_UNREADABLE, /* there is a list, but this program cannot make sense of it */
  AC_BLOCK_LIST_ERROR_MISSING,
  AC_BLOCK_LIST_ERROR_ACCESS, /* may not be read or written, or its folder is not there */
  AC_BLOCK_LIST_ERROR_DISK,   /* full, over quota or broken: may go away */
} AcBlockListError;

GQuark ac_block_list_error_quark (void);

typedef enum
{
  AC_BLOCK_POINT_PROXY,
  AC_BLOCK_POINT_DNS,
} AcBlockPoint;

const char *ac_block_point_to_string (AcBlockPoint point);
gboolean ac_block_point_from_string (const char *text, AcBlockPoint *point);

/* Which rule of the policy zone a block of a domain in DNS leaves as it is, because no action has
 * made it. */
typedef enum
{
  AC_BLOCK_LEFT_NOTHING,
  AC_BLOCK_LEFT_NAME,  /* that about the name itself */
  AC_BLOCK_LEFT_BELOW, /* that about all names below it */
} AcBlockLeft;

const char *ac_block_left_to_string (AcBlockLeft left);
gboolean ac_block_left_from_string (const char *text, AcBlockLeft *left);

typedef struct _AcBlockEntry AcBlockEntry;
struct _AcBlockEntry
{
  AcBlockPoint point;
  AcUrlPattern *pattern;
  char *action_id;
  char *reason;      /* for a person; nullable */
  gint64 expires_at; /* microseconds since 1970; AC_TIME_NONE: never */
  AcBlockLeft left;

  AcBlockEntry *next; /* of the list's: the same pattern by another action */
};

AcBlockEntry *ac_block_entry_new (AcBlockPoint point,
                                  const AcUrlPattern *pattern,
                                  const char *action_id,
                                  const char *reason,
                                  gint64 expires_at);
gboolean ac_block_entry_is_over (const AcBlockEntry *entry, gint64 now);

typedef struct _AcBlockList AcBlockList;

AcBlockList *ac_block_list_new (void);
AcBlockList *ac_block_list_new_from_text (const char *text, gsize length, GError **error);
char *ac_block_list_to_text (AcBlockList *list, gsize *length);
void ac_block_list_free (AcBlockList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcBlockList, ac_block_list_free)

guint ac_block_list_get_size (AcBlockList *list);
const AcBlockEntry *ac_block_list_get (AcBlockList *list, guint index);
const AcBlockEntry *
ac_block_list_find (AcBlockList *list, AcBlockPoint point, const char *action_id);
void ac_block_list_add (AcBlockList *list, AcBlockEntry *entry);
gboolean ac_block_list_remove (AcBlockList *list, AcBlockPoint point, const char *action_id);

const AcBlockEntry *ac_block_list_match (AcBlockList *list, const AcUrl *url, gint64 now);
const AcBlockEntry *ac_block_list_match_host (AcBlockList *list, const char *host, gint64 now);
GPtrArray *ac_block_list_covering (AcBlockList *list,
                                   AcBlockPoint point,
                                   const AcUrlPattern *pattern,
                                   const char *but_action_id,
                                   gint64 now);

G_END_DECLS
