/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-cluster.h"
#include "model/ac-time.h"
#include "window/ac-action-cells.h"
#include "window/ac-time-text.h"
#include "window/ac-type-wording.h"

static char *
text_updated (AcAction *action)
{
  return ac_time_text_short (ac_action_get_updated_at (action));
}

static char *
tooltip_updated (AcAction *action)
{
  return ac_time_text_full (ac_action_get_updated_at (action));
}

static char *
text_created (AcAction *action)
{
  return ac_time_text_short (ac_action_get_created_at (action));
}

static char *
tooltip_created (AcAction *action)
{
  return ac_time_text_full (ac_action_get_created_at (action));
}

/* Of what waits; to what was decided the time limit means nothing any more. */
static char *
text_expires (AcAction *action)
{
  if (ac_action_get_status_value (action) != AC_STATUS_PENDING)
    return NULL;
  return ac_time_text_left (ac_action_get_expires_at (action), ac_time_now ());
}

static char *
tooltip_expires (AcAction *action)
{
  g_autofree char *time = NULL;

  if (ac_action_get_status_value (action) != AC_STATUS_PENDING ||
      ac_action_get_expires_at (action) == AC_TIME_NONE)
    return NULL;
  time = ac_time_text_full (ac_action_get_expires_at (action));
  /* Translators: a date and a time */
  return g_strdup_printf (_ ("Without a decision it expires on %s"), time);
}

static char *
text_investigation (AcAction *action)
{
  return g_strdup (ac_action_get_investigation_id (action));
}

static char *
tooltip_investigation (AcAction *action)
{
  const char *id = ac_action_get_investigation_id (action);
  const char *title = ac_action_get_investigation_title (action);

  return id == NULL || title == NULL ? g_strdup (id) : g_strdup_printf ("%s\n%s", title, id);
}

static char *
text_operation (AcAction *action)
{
  return g_strdup (ac_action_get_operation_id (action));
}

static char *
text_type (AcAction *action)
{
  return g_strdup (
      ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action)));
}

static char *
text_details (AcAction *action)
{
  const char *details = ac_action_get_details (action);

  return g_strdup (details != NULL ? details
                                   : ac_entity_get_summary (ac_action_get_entity (action)));
}

static char *
text_entity_type (AcAction *action)
{
  return g_strdup (ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE,
                                        ac_entity_get_entity_type (ac_action_get_entity (action))));
}

static char *
text_asset (AcAction *action)
{
  const char *const *assets = ac_action_get_assets (action);
  guint n_assets = g_strv_length ((GStrv)assets);

  g_autofree char *first = ac_type_wording_asset (ac_action_get_action_type (action), assets[0]);

  /* Behind all mailboxes stand those in which there is something. */
  if (n_assets <= 1 || g_str_equal (assets[0], AC_CLUSTER_ALL_MAILBOXES))
    return g_steal_pointer (&first);
  /* Translators: the first mailbox or device, and how many more there are */
  return g_strdup_printf (ngettext ("%1$s and %2$u more", "%1$s and %2$u more", n_assets - 1),
                          first, n_assets - 1);
}

/* One a line. */
static char *
tooltip_asset (AcAction *action)
{
  const char *const *assets = ac_action_get_assets (action);
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; assets[i] != NULL; i++)
    {
      g_autofree char *name = ac_type_wording_asset (ac_action_get_action_type (action), assets[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
text_verdict (AcAction *action)
{
  return g_strdup (ac_vocabulary_label (AC_VOCABULARY_VERDICT, ac_action_get_verdict (action)));
}

static char *
text_source (AcAction *action)
{
  return g_strdup (ac_vocabulary_label (AC_VOCABULARY_SOURCE, ac_action_get_source (action)));
}

static char *
text_decision (AcAction *action)
{
  return g_strdup (ac_vocabulary_label (AC_VOCABULARY_DECISION, ac_action_get_decision (action)));
}

static char *
text_decided_by (AcAction *action)
{
  return g_strdup (ac_action_get_decided_by (action));
}

static char *
text_status (AcAction *action)
{
  return g_strdup (ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_action_get_status (action)));
}

static char *
text_undo (AcAction *action)
{
  return g_strdup (
      ac_vocabulary_label (AC_VOCABULARY_UNDO_STATE, ac_action_get_undo_state (action)));
}

static char *
tooltip_undo (AcAction *action)
{
  const char *note = ac_action_get_undo_note (action);

  return note != NULL ? g_strdup (note) : text_undo (action);
}

const AcCell ac_action_cells[AC_N_CELLS] = {
  { N_ ("Action update time"), AC_SORT_UPDATED_AT, AC_CELL_TEXT, 14, 5, TRUE, TRUE, text_updated,
    tooltip_updated },
  { N_ ("Investigation ID"), AC_SORT_INVESTIGATION, AC_CELL_TEXT, 14, 13, FALSE, FALSE,
    text_investigation, tooltip_investigation },
  { N_ ("Approval ID"), AC_SORT_OPERATION, AC_CELL_TEXT, 14, 14, FALSE, FALSE, text_operation,
    NULL },
  { N_ ("Action type"), AC_SORT_TYPE, AC_CELL_TEXT, 16, 3, TRUE, TRUE, text_type, NULL },
  { N_ ("Details"), AC_SORT_DETAILS, AC_CELL_TEXT, 20, 1, TRUE, TRUE, text_details, NULL },
  { N_ ("Entity type"), AC_SORT_ENTITY_TYPE, AC_CELL_TEXT, 13, 9, TRUE, TRUE, text_entity_type,
    NULL },
  { N_ ("Asset"), AC_SORT_ASSET, AC_CELL_TEXT, 18, 6, TRUE, TRUE, text_asset, tooltip_asset },
  { N_ ("Verdict"), AC_SORT_VERDICT, AC_CELL_VERDICT, 13, 4, TRUE, TRUE, text_verdict, NULL },
  { N_ ("Decision"), AC_SORT_DECISION, AC_CELL_TEXT, 9, 12, FALSE, FALSE, text_decision, NULL },
  { N_ ("Decided by"), AC_SORT_DECIDED_BY, AC_CELL_TEXT, 10, 8, FALSE, TRUE, text_decided_by,
    NULL },
  { N_ ("Action source"), AC_SORT_SOURCE, AC_CELL_TEXT, 20, 10, TRUE, TRUE, text_source, NULL },
  { N_ ("Status"), AC_SORT_STATUS, AC_CELL_STATUS, 13, 2, TRUE, TRUE, text_status, NULL },
  { N_ ("Undo"), AC_SORT_UNDO_STATE, AC_CELL_TEXT, 11, 11, FALSE, FALSE, text_undo, tooltip_undo },
  { N_ ("Created"), AC_SORT_CREATED_AT, AC_CELL_TEXT, 14, 15, FALSE, FALSE, text_created,
    tooltip_created },
  { N_ ("Expires in"), AC_SORT_EXPIRES_AT, AC_CELL_TEXT, 9, 7, TRUE, FALSE, text_expires,
    tooltip_expires },
};

/**
 * ac_action_cell_get:
 *
 * Returns: (transfer none): the column that sorts by @sort.
 */
const AcCell *
ac_action_cell_get (AcSort sort)
{
  for (gsize i = 0; i < AC_N_CELLS; i++)
    if (ac_action_cells[i].sort == sort)
      return &ac_action_cells[i];
  g_assert_not_reached ();
}

/**
 * ac_action_cell_get_title:
 *
 * Returns: (transfer none): what the column is called, translated.
 */
const char *
ac_action_cell_get_title (AcSort sort)
{
  return _ (ac_action_cell_get (sort)->title);
}

/**
 * ac_action_cell_is_default:
 *
 * Returns: whether the column is shown under @tab where nobody has chosen.
 */
gboolean
ac_action_cell_is_default (const AcCell *cell, AcTab tab)
{
  return tab == AC_TAB_PENDING ? cell->in_pending : cell->in_history;
}
