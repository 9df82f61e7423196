/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-action.h"
#include "model/ac-evidence.h"
#include "window/ac-investigation-assets.h"
#include "window/ac-text-row.h"

/* An investigation may have a thousand mailboxes, ten thousand actions and as much evidence, so
 * each of them is gone through once, and never one within the other. */

typedef struct
{
  gint64 actions;
  gint64 pending;
  gint64 evidence;
  gsize met; /* the last piece of evidence that was counted, from 1; each counts once for a name */
} Counts;

/* @name: kept by the investigation */
static Counts *
get_counts (GHashTable *table, const char *name)
{
  Counts *counts = g_hash_table_lookup (table, name);

  if (counts == NULL)
    {
      counts = g_new0 (Counts, 1);
      g_hash_table_insert (table, (gpointer)name, counts);
    }
  return counts;
}

static void
count_actions (GHashTable *table, GPtrArray *actions)
{
  for (guint i = 0; i < actions->len; i++)
    {
      const char *const *assets = ac_action_get_assets (actions->pdata[i]);
      gboolean pending = ac_action_get_status_value (actions->pdata[i]) == AC_STATUS_PENDING;

      for (guint k = 0; assets[k] != NULL; k++)
        {
          Counts *counts = get_counts (table, assets[k]);

          counts->actions++;
          counts->pending += pending ? 1 : 0;
        }
    }
}

static void
count_piece (GHashTable *table, const char *name, gsize number)
{
  Counts *counts;

  if (name == NULL)
    return;
  counts = get_counts (table, name);
  if (counts->met != number)
    counts->evidence++;
  counts->met = number;
}

/* What is about the mailbox or device itself, or was found there. */
static void
count_evidence (GHashTable *table, GPtrArray *evidence)
{
  for (guint i = 0; i < evidence->len; i++)
    {
      AcEntity *entity = ac_evidence_get_entity (evidence->pdata[i]);
      const char *const *assets = ac_evidence_get_assets (evidence->pdata[i]);

      for (guint k = 0; assets[k] != NULL; k++)
        count_piece (table, assets[k], (gsize)i + 1);
      count_piece (table, ac_entity_get_string (entity, "address"), (gsize)i + 1);
      count_piece (table, ac_entity_get_string (entity, "name"), (gsize)i + 1);
    }
}

static void
index_entities (GHashTable *index, GPtrArray *judged, AcEntityType type, const char *member)
{
  for (guint i = 0; i < judged->len; i++)
    {
      AcEntity *entity = ac_evidence_get_entity (judged->pdata[i]);
      const char *name = ac_entity_get_string (entity, member);

      /* What was said first stands. */
      if (name != NULL && ac_entity_type_parse (ac_entity_get_entity_type (entity)) == type &&
          !g_hash_table_contains (index, name))
        g_hash_table_insert (index, (gpointer)name, entity);
    }
}

/* Of which no detector has said more than the name. */
static AcEntity *
entity_new (AcEntityType type, const char *member, const char *name)
{
  g_autoptr (JsonObject) object = json_object_new ();

  ac_json_set_string (object, "type", ac_entity_type_wire (type));
  ac_json_set_string (object, member, name);
  return ac_entity_new_from_json (object, AC_JSON_LENIENT, "entity", NULL);
}

/**
 * ac_investigation_assets_append:
 * @rows: (element-type AcTextRow): gets a row for each, in the order of the investigation; what a
 * row is about is an AcEntity
 * @type: AC_ENTITY_TYPE_MAILBOX or AC_ENTITY_TYPE_DEVICE
 */
void
ac_investigation_assets_append (GPtrArray *rows, AcInvestigation *investigation, AcEntityType type)
{
  const char *member = type == AC_ENTITY_TYPE_MAILBOX ? "address" : "name";
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) names = NULL;

  g_return_if_fail (rows != NULL);
  g_return_if_fail (AC_IS_INVESTIGATION (investigation));

  names = type == AC_ENTITY_TYPE_MAILBOX ? ac_investigation_dup_mailboxes (investigation)
                                         : ac_investigation_dup_devices (investigation);
  index_entities (known, ac_investigation_get_entities (investigation), type, member);
  index_entities (known, ac_investigation_get_evidence (investigation), type, member);
  count_actions (table, ac_investigation_get_actions (investigation));
  count_evidence (table, ac_investigation_get_evidence (investigation));
  for (guint i = 0; names[i] != NULL; i++)
    {
      AcEntity *found = g_hash_table_lookup (known, names[i]);
      g_autoptr (AcEntity) entity =
          found != NULL ? g_object_ref (found) : entity_new (type, member, names[i]);
      AcTextRow *row = ac_text_row_new (AC_INVESTIGATION_ASSET_COLUMNS, entity);
      const Counts *counts = g_hash_table_lookup (table, names[i]);

      ac_text_row_set (row, 0, names[i]);
      ac_text_row_set_number (row, 1, counts != NULL ? counts->actions : 0);
      ac_text_row_set_number (row, 2, counts != NULL ? counts->pending : 0);
      ac_text_row_set_number (row, 3, counts != NULL ? counts->evidence : 0);
      g_ptr_array_add (rows, row);
    }
}
