/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-cluster.h"
#include "window/ac-related-view.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* More than these are found in the list itself. */
#define MOST_LINKS 5

typedef enum
{
  SAME_INVESTIGATION,
  SAME_ENTITY,
  SAME_ASSET,
  N_KINDS
} Kind;

struct _AcRelatedView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *groups[N_KINDS];

  AcAction *action; /* nullable */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (AcRelatedView, ac_related_view, GTK_TYPE_WIDGET)

/* An answer that is on its way. */
typedef struct
{
  AcRelatedView *view; /* owned */
  Kind kind;
} Load;

static GtkWidget *
label_new (const char *text, const char *style)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GtkWidget *label = gtk_label_new (text);

  /* A hyphen that is not in a subject or an address does not stand in it either. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);
  return label;
}

static const char *
get_details (AcAction *action)
{
  const char *details = ac_action_get_details (action);

  return details != NULL ? details : ac_entity_get_summary (ac_action_get_entity (action));
}

static GtkWidget *
link_new (AcAction *action)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  const char *type =
      ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action));
  const char *status = ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_action_get_status (action));
  /* Translators: a type of action and its status */
  g_autofree char *what = g_strdup_printf (_ ("%1$s · %2$s"), type, status);
  g_autofree char *name = g_strdup_printf ("%s, %s", get_details (action), what);

  gtk_box_append (GTK_BOX (lines), label_new (get_details (action), "link-title"));
  gtk_box_append (GTK_BOX (lines), label_new (what, "caption"));
  gtk_button_set_child (GTK_BUTTON (button), lines);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show-action");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", ac_action_get_id (action));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

/* By what an entity is known again, and searched for; NULL: by nothing. */
static const char *
get_key (AcAction *action)
{
  AcEntity *entity = ac_action_get_entity (action);

  switch (ac_entity_type_parse (ac_entity_get_entity_type (entity)))
    {
    case AC_ENTITY_TYPE_EMAIL_MESSAGE:
    case AC_ENTITY_TYPE_ATTACHMENT:
      return ac_entity_get_string (entity, "messageId");
    case AC_ENTITY_TYPE_URL:
      return ac_entity_get_string (entity, "url");
    case AC_ENTITY_TYPE_FILE:
      return ac_entity_get_string (entity, "sha256");
    case AC_ENTITY_TYPE_MAILBOX:
      return ac_entity_get_string (entity, "address");
    case AC_ENTITY_TYPE_EMAIL_CLUSTER:
    case AC_ENTITY_TYPE_DEVICE:
      return ac_entity_get_string (entity, "name");
    case AC_ENTITY_TYPE_UNKNOWN:
    default:
      return NULL;
    }
}

static gboolean
belongs (AcRelatedView *self, Kind kind, AcAction *other)
{
  gboolean same_investigation;

  if (g_strcmp0 (ac_action_get_id (other), ac_action_get_id (self->action)) == 0)
    return FALSE;
  same_investigation = ac_action_get_investigation_id (other) != NULL &&
                       g_strcmp0 (ac_action_get_investigation_id (other),
                                  ac_action_get_investigation_id (self->action)) == 0;
  switch (kind)
    {
    case SAME_INVESTIGATION:
      return TRUE;
    case SAME_ENTITY: /* the search has found whatever names it somewhere */
      return !same_investigation && g_strcmp0 (get_key (other), get_key (self->action)) == 0;
    case SAME_ASSET:
    case N_KINDS:
    default: /* each stands in one group only */
      return !same_investigation && g_strcmp0 (get_key (other), get_key (self->action)) != 0;
    }
}

static const char *
get_title (Kind kind)
{
  switch (kind)
    {
    case SAME_INVESTIGATION:
      return _ ("In the same investigation");
    case SAME_ENTITY:
      return _ ("About the same");
    case SAME_ASSET:
    case N_KINDS:
    default:
      return _ ("In the same mailbox or on the same device");
    }
}

static void
page_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Load *load = user_data;
  g_autoptr (AcRelatedView) self = load->view;
  g_autoptr (AcActionPage) page = ac_api_list_actions_finish (AC_API (source_object), result, NULL);
  GtkBox *group;
  guint n_links = 0;

  /* Without an answer there are no links; the banner of the page says why. */
  if (page == NULL || self->action == NULL ||
      g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  group = GTK_BOX (self->groups[load->kind]);
  ac_ui_clear_box (group);
  for (guint i = 0; i < page->actions->len && n_links < MOST_LINKS; i++)
    {
      if (!belongs (self, load->kind, page->actions->pdata[i]))
        continue;
      if (n_links++ == 0)
        gtk_box_append (group, label_new (get_title (load->kind), "caption-heading"));
      gtk_box_append (group, link_new (page->actions->pdata[i]));
    }
  gtk_widget_set_visible (GTK_WIDGET (group), n_links > 0);
  if (n_links > 0)
    gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
load (AcRelatedView *self, AcApi *api, Kind kind, AcActionQuery *query)
{
  Load *load = g_new0 (Load, 1);

  load->view = g_object_ref (self);
  load->kind = kind;
  ac_api_list_actions_async (api, query, NULL, 2 * MOST_LINKS, FALSE, self->cancellable, page_cb,
                             load);
}

static void
load_all (AcRelatedView *self, AcApi *api)
{
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  const char *investigation = ac_action_get_investigation_id (self->action);
  const char *asset = ac_action_get_assets (self->action)[0];
  const char *key = get_key (self->action);

  if (investigation != NULL)
    {
      g_autoptr (AcActionQuery) query = ac_action_query_with_filter (
          all, AC_FILTER_INVESTIGATION, (const char *const[]){ investigation, NULL });

      load (self, api, SAME_INVESTIGATION, query);
    }
  if (key != NULL)
    {
      g_autoptr (AcActionQuery) query = ac_action_query_with_search (all, key);

      load (self, api, SAME_ENTITY, query);
    }
  if (asset != NULL && strcmp (asset, AC_CLUSTER_ALL_MAILBOXES) != 0)
    {
      g_autoptr (AcActionQuery) query =
          ac_action_query_with_filter (all, AC_FILTER_ASSET, (const char *const[]){ asset, NULL });

      load (self, api, SAME_ASSET, query);
    }
}

static void
ac_related_view_dispose (GObject *object)
{
  AcRelatedView *self = AC_RELATED_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->action);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_related_view_parent_class)->dispose (object);
}

static void
ac_related_view_class_init (AcRelatedViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_related_view_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "relatedview");
}

static void
ac_related_view_init (AcRelatedView *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (self->box), label_new (_ ("Related actions"), "heading"));
  for (guint i = 0; i < N_KINDS; i++)
    {
      self->groups[i] = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
      gtk_widget_set_visible (self->groups[i], FALSE);
      gtk_box_append (GTK_BOX (self->box), self->groups[i]);
    }
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * ac_related_view_set_action:
 * @api: (nullable): whom to ask; %NULL without a connection
 * @action: (nullable): to what the others are related
 *
 * Looks for them. The same action in a newer version keeps what was found for it.
 */
void
ac_related_view_set_action (AcRelatedView *self, AcApi *api, AcAction *action)
{
  gboolean same;

  g_return_if_fail (AC_IS_RELATED_VIEW (self));

  same = self->action != NULL && action != NULL &&
         g_strcmp0 (ac_action_get_id (self->action), ac_action_get_id (action)) == 0;
  g_set_object (&self->action, action);
  if (same)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  for (guint i = 0; i < N_KINDS; i++)
    gtk_widget_set_visible (self->groups[i], FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (action == NULL || api == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  load_all (self, api);
}
