/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-type-wording.h"
#include "window/ac-ui.h"
#include "window/ac-undo-window.h"
#include "window/ac-wording.h"

struct _AcUndoWindow
{
  AdwWindow parent_instance;

  GtkLabel *details;
  GtkCheckButton *all;
  GtkBox *rows;
  GtkLabel *effect;

  AcAction *action;
  AcDecision decision;
  char *comment;     /* nullable */
  GPtrArray *checks; /* of GtkCheckButton, owned by rows; in the order of names */
  GPtrArray *names;  /* of char *: the assets that can be undone */
  gboolean updating; /* the check for all and those of the rows follow each other */
};

G_DEFINE_FINAL_TYPE (AcUndoWindow, ac_undo_window, ADW_TYPE_WINDOW)

enum
{
  DECIDE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
count_ticked (AcUndoWindow *self)
{
  guint n = 0;

  for (guint i = 0; i < self->checks->len; i++)
    n += gtk_check_button_get_active (self->checks->pdata[i]) != FALSE;
  return n;
}

/* “Undo puts 1 message in 1 mailbox back. 2 others stay as they are.” */
static char *
effect_of (AcUndoWindow *self, guint n)
{
  guint n_left = self->checks->len - n;
  g_autofree char *number = ac_wording_number (n_left);
  g_autofree char *undone = NULL;
  g_autofree char *left = NULL;

  if (n == 0)
    return g_strdup (_ ("Nothing is ticked, so nothing would be undone."));
  /* What one of the places goes on to block, people do not get. */
  if (n_left > 0 && ac_action_type_parse (ac_action_get_action_type (self->action)) ==
                        AC_ACTION_TYPE_BLOCK_URL)
    return g_strdup (_ ("Undo lets the URL through where it is ticked. It stays blocked elsewhere."));
  undone = ac_wording_effect (AC_DECISION_UNDO, ac_action_get_action_type (self->action), 1, n, n);
  if (n_left == 0)
    return g_steal_pointer (&undone);
  left = g_strdup_printf (
      /* Translators: of the mailboxes or devices of an action, for some of which it is undone */
      ngettext ("%s other stays as it is.", "%s others stay as they are.", n_left), number);
  /* Translators: two sentences: what is undone, and how many others are left */
  return g_strdup_printf (C_ ("two sentences", "%1$s %2$s"), undone, left);
}

static void
update (AcUndoWindow *self)
{
  guint n = count_ticked (self);
  g_autofree char *text = effect_of (self, n);

  self->updating = TRUE;
  gtk_check_button_set_inconsistent (self->all, n > 0 && n < self->checks->len);
  gtk_check_button_set_active (self->all, n == self->checks->len);
  self->updating = FALSE;
  gtk_label_set_text (self->effect, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "undo.decide", n > 0);
}

static void
row_cb (AcUndoWindow *self)
{
  if (!self->updating)
    update (self);
}

static void
all_cb (AcUndoWindow *self)
{
  gboolean active = gtk_check_button_get_active (self->all);

  if (self->updating)
    return;
  self->updating = TRUE;
  for (guint i = 0; i < self->checks->len; i++)
    gtk_check_button_set_active (self->checks->pdata[i], active);
  self->updating = FALSE;
  update (self);
}

static void
decide_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcUndoWindow *self = AC_UNDO_WINDOW (widget);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) assets = NULL;

  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (self->checks->pdata[i]))
      g_strv_builder_add (builder, self->names->pdata[i]);
  assets = g_strv_builder_end (builder);
  g_signal_emit (self, signals[DECIDE], 0, (guint)self->decision, assets, self->comment);
  gtk_window_close (GTK_WINDOW (self));
}

/* A name that is too long is broken anywhere, and gets no hyphen that is not part of it. */
static GtkWidget *
new_line (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_row (AcUndoWindow *self, AcActionResult *result)
{
  const char *type = ac_action_get_action_type (self->action);
  const char *outcome = ac_type_wording_outcome (type, ac_action_result_get_outcome (result));
  g_autofree char *name = ac_type_wording_asset (type, ac_action_result_get_asset (result));
  /* Translators: a mailbox or a device, and what was done there */
  g_autofree char *label = g_strdup_printf (C_ ("asset and outcome", "%1$s: %2$s"), name, outcome);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (lines), new_line (name, NULL));
  gtk_box_append (GTK_BOX (lines), new_line (outcome, "caption"));
  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), lines);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (check, "toggled", G_CALLBACK (row_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->rows, check);
  g_ptr_array_add (self->checks, check);
  g_ptr_array_add (self->names, g_strdup (ac_action_result_get_asset (result)));
}

static void
ac_undo_window_dispose (GObject *object)
{
  AcUndoWindow *self = AC_UNDO_WINDOW (object);

  g_clear_object (&self->action);
  g_clear_pointer (&self->comment, g_free);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  G_OBJECT_CLASS (ac_undo_window_parent_class)->dispose (object);
}

static void
ac_undo_window_class_init (AcUndoWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_undo_window_dispose;

  signals[DECIDE] = g_signal_new ("decide", AC_TYPE_UNDO_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_STRV, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-undo-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcUndoWindow, details);
  gtk_widget_class_bind_template_child (widget_class, AcUndoWindow, all);
  gtk_widget_class_bind_template_child (widget_class, AcUndoWindow, rows);
  gtk_widget_class_bind_template_child (widget_class, AcUndoWindow, effect);
  gtk_widget_class_bind_template_callback (widget_class, all_cb);

  gtk_widget_class_install_action (widget_class, "undo.decide", NULL, decide_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_undo_window_init (AcUndoWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->checks = g_ptr_array_new ();
  self->names = g_ptr_array_new_with_free_func (g_free);
}

/**
 * ac_undo_window_new:
 * @action: it knows for which of its assets an undo alone would do something
 * @decision: an undo, or the retry of one
 * @comment: (nullable): what the person says about it
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
AcUndoWindow *
ac_undo_window_new (GtkWindow *parent, AcAction *action, AcDecision decision, const char *comment)
{
  AcUndoWindow *self = g_object_new (AC_TYPE_UNDO_WINDOW, "transient-for", parent,
                                     "destroy-with-parent", TRUE, NULL);
  GPtrArray *results;

  g_return_val_if_fail (AC_IS_ACTION (action), self);

  self->action = g_object_ref (action);
  self->decision = decision;
  self->comment = g_strdup (comment);
  gtk_label_set_text (self->details, ac_action_get_details (action));
  results = ac_action_get_results (action);
  for (guint i = 0; results != NULL && i < results->len; i++)
    if (ac_action_result_get_undoable (results->pdata[i]))
      add_row (self, results->pdata[i]);
  update (self);
  return self;
}
