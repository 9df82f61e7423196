/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-time-text.h"
#include "window/ac-timeline-row.h"
#include "window/ac-row-layout.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcTimelineRow
{
  GtkWidget parent_instance;

  GtkGrid *grid;
  GtkImage *image;
  GtkLabel *event;
  GtkLabel *time;
  GtkLabel *comment;
  GtkWidget *undone;
  GtkLabel *undone_label;

  AcTimelineRow *undone_row; /* weak, nullable: what this one undoes */
};

G_DEFINE_FINAL_TYPE (AcTimelineRow, ac_timeline_row, GTK_TYPE_WIDGET)

static void
show_undone_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcTimelineRow *self = AC_TIMELINE_ROW (widget);

  if (self->undone_row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->undone_row));
}

static void
ac_timeline_row_dispose (GObject *object)
{
  AcTimelineRow *self = AC_TIMELINE_ROW (object);

  g_clear_weak_pointer (&self->undone_row);
  g_clear_pointer ((GtkWidget **)&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_timeline_row_parent_class)->dispose (object);
}

static void
ac_timeline_row_class_init (AcTimelineRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_timeline_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-timeline-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AcTimelineRow, grid);
  gtk_widget_class_bind_template_child (widget_class, AcTimelineRow, image);
  gtk_widget_class_bind_template_child (widget_class, AcTimelineRow, event);
  gtk_widget_class_bind_template_child (widget_class, AcTimelineRow, time);
  gtk_widget_class_bind_template_child (widget_class, AcTimelineRow, comment);
  gtk_widget_class_bind_template_child (widget_class, AcTimelineRow, undone);
  gtk_widget_class_bind_template_child (widget_class, AcTimelineRow, undone_label);
  gtk_widget_class_install_action (widget_class, "timeline.show-undone", NULL, show_undone_action);
  gtk_widget_class_set_layout_manager_type (widget_class, AC_TYPE_ROW_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "timelinerow");
}

static void
ac_timeline_row_init (AcTimelineRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_timeline_row_new:
 *
 * Returns: (transfer floating):
 */
GtkWidget *
ac_timeline_row_new (AcTimelineEntry *entry)
{
  AcTimelineRow *self = g_object_new (AC_TYPE_TIMELINE_ROW, NULL);
  const char *actor = ac_timeline_entry_get_actor (entry);
  const char *comment = ac_timeline_entry_get_comment (entry);
  const char *event = ac_wording_event (ac_timeline_entry_get_event (entry));
  g_autofree char *title = NULL;

  /* Translators: what has happened to an action, then who did it */
  title = actor != NULL ? g_strdup_printf (_ ("%1$s · %2$s"), event, actor) : g_strdup (event);
  gtk_label_set_text (self->event, title);
  ac_time_text_show (self->time, ac_timeline_entry_get_at (entry));
  gtk_label_set_text (self->comment, comment != NULL ? comment : "");
  gtk_widget_set_visible (GTK_WIDGET (self->comment), comment != NULL && *comment != '\0');
  gtk_image_set_from_icon_name (self->image,
                                ac_wording_status_icon (ac_timeline_entry_get_after (entry)));
  return GTK_WIDGET (self);
}

/**
 * ac_timeline_row_set_undone:
 * @undone: the row of what this one undoes, to which a link leads
 */
void
ac_timeline_row_set_undone (AcTimelineRow *self, AcTimelineRow *undone)
{
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;

  g_return_if_fail (AC_IS_TIMELINE_ROW (self));
  g_return_if_fail (AC_IS_TIMELINE_ROW (undone));

  name = g_strdup_printf ("%s, %s", gtk_label_get_text (undone->event),
                          gtk_label_get_text (undone->time));
  /* Translators: what is undone: who approved it, and when */
  text = g_strdup_printf (_ ("Undoes: %s"), name);
  gtk_label_set_text (self->undone_label, text);
  gtk_widget_set_visible (self->undone, TRUE);
  g_set_weak_pointer (&self->undone_row, undone);
  gtk_widget_set_focusable (GTK_WIDGET (undone), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (undone), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
