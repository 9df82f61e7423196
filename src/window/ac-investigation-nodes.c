/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-alert.h"
#include "model/ac-investigation-state.h"
#include "model/ac-time.h"
#include "window/ac-duration-text.h"
#include "window/ac-investigation-nodes.h"
#include "window/ac-investigation-wording.h"
#include "window/ac-wording.h"

static void
node_free (gpointer data)
{
  AcNode *node = data;

  g_free (node->id);
  g_free (node->title);
  g_free (node->subtitle);
  g_free (node);
}

static GPtrArray *
add_layer (GPtrArray *layers)
{
  GPtrArray *layer = g_ptr_array_new_with_free_func (node_free);

  g_ptr_array_add (layers, layer);
  return layer;
}

/* @title and @subtitle: (transfer full) */
static AcNode *
add_node (GPtrArray *layer,
          AcNodeKind kind,
          const char *id,
          char *title,
          char *subtitle,
          const char *tab,
          const char *icon_name)
{
  AcNode *node = g_new0 (AcNode, 1);

  node->kind = kind;
  node->id = g_strdup (id);
  node->title = title;
  node->subtitle = subtitle;
  node->tab = tab;
  node->icon_name = icon_name;
  g_ptr_array_add (layer, node);
  return node;
}

static void
add_trigger (GPtrArray *layers, AcInvestigation *investigation)
{
  GPtrArray *alerts = ac_investigation_get_alerts (investigation);
  const char *trigger = ac_investigation_get_trigger (investigation);
  g_autofree char *number = ac_wording_number (alerts->len);

  if (alerts->len == 1)
    add_node (add_layer (layers), AC_NODE_TRIGGER, "alerts", g_strdup (_ ("Alert received")),
              g_strdup (ac_alert_get_title (alerts->pdata[0])), "alerts", "ac-suspicious-symbolic");
  else if (alerts->len > 1)
    add_node (
        add_layer (layers), AC_NODE_TRIGGER, "alerts",
        g_strdup_printf (ngettext ("%s alert received", "%s alerts received", alerts->len), number),
        g_strdup (ac_alert_get_title (alerts->pdata[0])), "alerts", "ac-suspicious-symbolic");
  else if (trigger != NULL && *trigger != '\0')
    add_node (add_layer (layers), AC_NODE_TRIGGER, "trigger", g_strdup (_ ("Trigger")),
              g_strdup (trigger), NULL, "ac-suspicious-symbolic");
}

/* What was looked at, by type and with counts. */
static void
add_subjects (GPtrArray *layers, AcInvestigation *investigation)
{
  GPtrArray *entities = ac_investigation_get_entities (investigation);
  guint n_mailboxes = ac_investigation_get_mailbox_count (investigation);
  guint n_devices = ac_investigation_get_device_count (investigation);
  g_auto (GStrv) mailboxes = ac_investigation_dup_mailboxes (investigation);
  g_auto (GStrv) devices = ac_investigation_dup_devices (investigation);
  g_autofree char *mailbox_number = ac_wording_number (n_mailboxes);
  g_autofree char *device_number = ac_wording_number (n_devices);
  g_autofree char *number = ac_wording_number (entities->len);
  g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) kinds = g_string_new (NULL);
  GPtrArray *layer;

  if (n_mailboxes == 0 && n_devices == 0 && entities->len == 0)
    return;
  layer = add_layer (layers);
  if (n_mailboxes > 0)
    add_node (
        layer, AC_NODE_SUBJECT, "mailboxes",
        g_strdup_printf (ngettext ("%s mailbox", "%s mailboxes", n_mailboxes), mailbox_number),
        g_strdup (mailboxes[0]), "mailboxes", "ac-person-symbolic");
  if (n_devices > 0)
    add_node (layer, AC_NODE_SUBJECT, "devices",
              g_strdup_printf (ngettext ("%s device", "%s devices", n_devices), device_number),
              g_strdup (devices[0]), "devices", "ac-shield-symbolic");
  if (entities->len == 0)
    return;
  for (guint i = 0; i < entities->len; i++)
    {
      const char *type = ac_entity_get_entity_type (ac_evidence_get_entity (entities->pdata[i]));

      if (g_hash_table_add (types, (gpointer)type))
        g_string_append_printf (kinds, "%s%s", kinds->len > 0 ? ", " : "",
                                ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE, type));
    }
  add_node (layer, AC_NODE_SUBJECT, "entities",
            g_strdup_printf (ngettext ("%s entity analyzed", "%s entities analyzed", entities->len),
                             number),
            g_strdup (kinds->str), "entities", "ac-investigation-symbolic");
}

static void
add_evidence (GPtrArray *layers, AcInvestigation *investigation)
{
  GPtrArray *evidence = ac_investigation_get_evidence (investigation);
  GPtrArray *layer;

  if (evidence->len == 0)
    return;
  layer = add_layer (layers);
  if (evidence->len <= AC_NODES_SINGLE_EVIDENCE)
    {
      for (guint i = 0; i < evidence->len; i++)
        {
          const char *verdict = ac_evidence_get_verdict (evidence->pdata[i]);
          g_autofree char *id = g_strdup_printf ("evidence-%u", i);
          AcNode *node = add_node (
              layer, AC_NODE_EVIDENCE, id,
              g_strdup (ac_vocabulary_label (AC_VOCABULARY_VERDICT, verdict)),
              g_strdup (ac_entity_get_summary (ac_evidence_get_entity (evidence->pdata[i]))),
              "evidence", ac_wording_verdict_icon (verdict));

          node->style_class = ac_wording_verdict_class (verdict);
        }
      return;
    }
  /* The known verdicts from the worst on, and one group for what is not known to this program. */
  for (guint k = 1; k <= ac_vocabulary_size (AC_VOCABULARY_VERDICT); k++)
    {
      int value = k < ac_vocabulary_size (AC_VOCABULARY_VERDICT) ? (int)k : 0;
      const char *verdict = NULL;
      g_autofree char *number = NULL;
      g_autofree char *id = g_strdup_printf ("evidence-of-%d", value);
      guint n = 0;
      AcNode *node;

      for (guint i = 0; i < evidence->len; i++)
        if (ac_vocabulary_parse (AC_VOCABULARY_VERDICT,
                                 ac_evidence_get_verdict (evidence->pdata[i])) == value)
          {
            verdict = ac_evidence_get_verdict (evidence->pdata[i]);
            n++;
          }
      if (n == 0)
        continue;
      number = ac_wording_number (n);
      node = add_node (
          layer, AC_NODE_EVIDENCE, id,
          g_strdup (ac_vocabulary_label (AC_VOCABULARY_VERDICT, verdict)),
          g_strdup_printf (ngettext ("%s piece of evidence", "%s pieces of evidence", n), number),
          "evidence", ac_wording_verdict_icon (verdict));
      node->style_class = ac_wording_verdict_class (verdict);
    }
}

static void
add_wait (GPtrArray *layers, AcInvestigation *investigation, gint64 now)
{
  guint n_actions = ac_investigation_get_action_count (investigation);
  guint n_pending = ac_investigation_get_pending_count (investigation);
  g_autofree char *number = ac_wording_number (n_pending);
  g_autofree char *waited =
      ac_duration_text (ac_investigation_get_pending_time (investigation, now));
  AcNode *node;

  if (n_actions == 0)
    return;
  if (n_pending > 0)
    {
      node = add_node (
          add_layer (layers), AC_NODE_WAIT, "wait",
          g_strdup_printf (ngettext ("%s action waits", "%s actions wait", n_pending), number),
          /* Translators: how long somebody has been waited for */
          g_strdup_printf (_ ("For %s"), waited), "pending", "ac-pending-symbolic");
      node->style_class = "warning";
      return;
    }
  add_node (add_layer (layers), AC_NODE_WAIT, "wait", g_strdup (_ ("Waited for approval")),
            /* Translators: how long somebody was waited for */
            g_strdup_printf (_ ("%s in all"), waited), "history", "ac-done-symbolic");
}

static void
add_result (GPtrArray *layers, AcInvestigation *investigation)
{
  const char *status = ac_investigation_get_status (investigation);
  gint64 ended_at = ac_investigation_get_ended_at (investigation);
  gboolean has_history = ac_investigation_get_action_count (investigation) >
                         ac_investigation_get_pending_count (investigation);
  AcNode *node;

  node = add_node (add_layer (layers), AC_NODE_RESULT, "result",
                   g_strdup (ac_investigation_state_label (status)),
                   g_strdup (ended_at != AC_TIME_NONE ? _ ("Result") : _ ("So far")),
                   has_history                                          ? "history"
                   : ac_investigation_get_log_count (investigation) > 0 ? "log"
                                                                        : NULL,
                   ac_investigation_wording_status_icon (status));
  node->style_class = ac_investigation_wording_status_class (status);
}

/**
 * ac_investigation_nodes_new:
 * @investigation: with its parts
 * @now: microseconds since 1970 in UTC
 *
 * Returns: (transfer full) (element-type GPtrArray): the layers, each a GPtrArray of AcNode; none
 * of them is empty.
 */
GPtrArray *
ac_investigation_nodes_new (AcInvestigation *investigation, gint64 now)
{
  GPtrArray *layers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);

  add_trigger (layers, investigation);
  add_node (add_layer (layers), AC_NODE_INVESTIGATION, "investigation",
            g_strdup (_ ("Investigation")), g_strdup (ac_investigation_get_title (investigation)),
            ac_investigation_get_log_count (investigation) > 0 ? "log" : NULL,
            "ac-investigation-symbolic");
  add_subjects (layers, investigation);
  add_evidence (layers, investigation);
  add_wait (layers, investigation, now);
  add_result (layers, investigation);
  return layers;
}

/**
 * ac_investigation_nodes_describe:
 *
 * Returns: (transfer full): text that is equal for equal graphs, but for what is only told in time.
 */
char *
ac_investigation_nodes_describe (GPtrArray *layers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < layers->len; i++)
    {
      GPtrArray *layer = layers->pdata[i];

      for (guint k = 0; k < layer->len; k++)
        {
          AcNode *node = layer->pdata[k];

          g_string_append_printf (text, "%s\n", node->id);
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
